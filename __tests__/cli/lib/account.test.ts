import { spawn } from "node:child_process";
import { accessOf, guardAccount } from "../../../cli/lib/account";
import { Refusal } from "../../../packages/cli-kit/refusal";
import { callerIdentity, type FakeAws, fakeAws, type FakeAnswer } from "../../support/fake-aws";
import { settingsOf } from "../../support/synth";

const dev = settingsOf("dev");
let aws: FakeAws;
let answer: FakeAnswer;

beforeAll(async () => (aws = await fakeAws(() => answer)));
afterAll(() => aws.close());

const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

/** Like the result of `accessOf`, but with the fake STS. */
const access = () => ({
  ...accessOf(dev, credentials),
  client: {
    region: "us-east-1",
    endpoint: aws.endpoint,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  },
});

describe("the credentials", () => {
  test("are the profile of the settings where the environment variables have none", () => {
    expect(accessOf(dev, {})).toEqual({
      name: "profile dev",
      env: { AWS_PROFILE: "dev" },
      client: { region: "us-east-1", profile: "dev" },
    });
  });

  test.each([
    [{ AWS_ACCESS_KEY_ID: "AKIA" }, "credentials in environment variables"],
    [{ AWS_WEB_IDENTITY_TOKEN_FILE: "/token" }, "credentials in environment variables"],
    [{ AWS_PROFILE: "mine" }, "profile mine"],
  ])("of the environment win: %j", (env, name) => {
    expect(accessOf(dev, env)).toEqual({ name, env: {}, client: { region: "us-east-1" } });
  });

  test("that are empty are none", () => {
    expect(accessOf(dev, { AWS_PROFILE: "" }).name).toBe("profile dev");
  });
});

describe("the account guard", () => {
  test("accepts the settings' account, and prints the identity", async () => {
    answer = callerIdentity(dev.account);
    await expect(guardAccount(access(), dev)).resolves.toBe(`arn:aws:iam::${dev.account}:user/somebody`);
  });

  test("rejects another account, and names profile, actual and expected account", async () => {
    answer = callerIdentity("999999999999");
    const guarded = guardAccount({ ...access(), name: "profile dev" }, dev);
    await expect(guarded).rejects.toThrow(Refusal);
    await expect(guarded).rejects.toThrow(
      /^wrong account: profile dev belongs to 999999999999 \(arn:aws:iam::999999999999:user\/somebody\), but dev is in 111111111111/,
    );
  });

  test("refuses credentials that are not accepted", async () => {
    answer = {
      status: 403,
      headers: { "content-type": "text/xml" },
      body: "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The token is expired</Message></Error></ErrorResponse>",
    };
    await expect(guardAccount(access(), dev)).rejects.toThrow(
      /^no usable AWS credentials for dev .*: The token is expired \(ExpiredToken\)\. Nothing was changed\./,
    );
  });
});

describe.each(["plan", "deploy", "diff"])("npm run %s", (command) => {
  test("of a wrong account is rejected before any other call", async () => {
    answer = callerIdentity("999999999999");
    const before = aws.requests.length;
    const { code, stdout, stderr } = await run(command, "dev");
    // A step that takes longer than a second prints what it waits for, on lines that start with "…".
    const results = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("…"));
    expect({ code, results }).toEqual({ code: 2, results: [] });
    expect(stderr).toContain("belongs to 999999999999");
    expect(aws.requests.slice(before)).toEqual([expect.stringContaining("Action=GetCallerIdentity")]);
  });
});

/** Runs a command as npm does, against the fake STS. */
async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "commands.ts", ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...credentials, AWS_ENDPOINT_URL: aws.endpoint },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}
