import { quotasOf } from "../../../cli/doctor/account-checks";
import { type Check, findingsOf, isComplete, report } from "../../../cli/doctor/finding";
import { settingsOf } from "../../support/synth";

const there: Check = { name: "bucket", ask: () => Promise.resolve("state-of-tests") };
const gone: Check = {
  name: "image",
  ask: () => Promise.resolve({ missing: "the registry has none", remedy: "npm run image -- dev" }),
};
const silent: Check = {
  name: "quota",
  ask: () => Promise.reject(Object.assign(new Error("not authorized\nat x"), { name: "AccessDenied" })),
};

test("a line says what is there, what is missing and what mends it, and what could not be asked", async () => {
  const findings = await findingsOf([there, gone, silent]);
  expect(report(findings, "dev")).toEqual([
    "ok       bucket  state-of-tests",
    "MISSING  image   the registry has none: npm run image -- dev",
    "?        quota   can't be asked: AccessDenied: not authorized",
    "dev lacks 1 of 3; 1 could not be asked",
  ]);
  expect(isComplete(findings)).toBe(false);
});

test("an environment is complete although a question was not answered", async () => {
  const findings = await findingsOf([there, silent]);
  expect(isComplete(findings)).toBe(true);
  expect(report(findings, "dev").at(-1)).toBe("dev is complete; 1 could not be asked");
});

test("the quotas that an environment needs follow from its sizes", () => {
  const of = (name: string) => quotasOf(settingsOf(name)).map(({ code, needed }) => `${code} ${needed}`);
  // Fargate Spot, 10 tasks with a quarter of a vCPU; no NAT
  expect(of("dev")).toEqual(["L-36FBB829 3", "L-B99A9384 100"]);
  // on demand, 10 tasks with 4 vCPUs; a NAT gateway in each of two zones
  expect(of("prod")).toEqual(["L-3032A538 40", "L-0263D0A3 2", "L-B99A9384 100"]);
});
