import { Signer } from "@aws-sdk/rds-signer";
import { databaseToken } from "../../../handlers/services/login-token";

const request = {
  host: "db.abc.us-east-1.rds.amazonaws.com",
  port: 5432,
  user: "media",
  region: "us-east-1",
};
const credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const parameters = (token: string) => new URL(`https://${token}`).searchParams;

beforeEach(() => {
  jest.useFakeTimers({ now: new Date("2026-11-23T21:20:29.987Z"), doNotFake: ["nextTick", "setImmediate"] });
});
afterEach(() => {
  jest.useRealTimers();
});

it.each([
  ["long-lived credentials", request, credentials],
  ["a session token", request, { ...credentials, sessionToken: "FwoGZXIvYXdzE+/=abc//" }],
  ["another port and region", { ...request, port: 6543, region: "sa-east-1" }, credentials],
  ["a user to be escaped", { ...request, user: "it's (a) user*" }, credentials],
])("is the one that AWS's own signer makes, with %s", async (_, { host, port, user, region }, keys) => {
  const signer = new Signer({ hostname: host, port, username: user, region, credentials: keys });
  const theirs = await signer.getAuthToken();
  const ours = databaseToken({ host, port, user, region }, keys);
  expect(ours.split("?")[0]).toBe(theirs.split("?")[0]);
  expect(Object.fromEntries(parameters(ours))).toEqual(Object.fromEntries(parameters(theirs)));
});

it("is another one a second later", () => {
  const before = databaseToken(request, credentials);
  jest.setSystemTime(Date.now() + 1_000);
  expect(databaseToken(request, credentials)).not.toBe(before);
});
