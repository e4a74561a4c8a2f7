import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deliveredEnvironments, environmentLists, oneEnvironment } from "../../../cli/github/environments";
import { settingsOf, synthTo } from "../../support/synth";

const folder = mkdtempSync(join(tmpdir(), "streamflow-environments-"));
afterAll(() => rmSync(folder, { recursive: true }));

const [dev, prod] = [settingsOf("dev"), settingsOf("prod")];

test("lists the environments of real accounts with the roles that their foundation makes", () => {
  const account = "123456789012";
  const state = { ...dev.state, bucket: "b-123456789012" } as typeof dev.state;
  synthTo(join(folder, "real"), [
    { ...dev, account, state },
    { ...prod, account, state },
  ]);
  expect(deliveredEnvironments(join(folder, "real"))).toEqual(
    ["dev", "prod"].map((name) => ({
      name,
      region: "us-east-1",
      planRole: `arn:aws:iam::${account}:role/streamflow-foundation-${account}-${name}-plan`,
      applyRole: `arn:aws:iam::${account}:role/streamflow-foundation-${account}-${name}-apply`,
      ...(name === "prod" ? { planEnvironment: "prod-plan" } : {}),
    })),
  );
});

test("prints apart what pull requests plan at once, and what needs an approval", () => {
  const all = deliveredEnvironments(join(folder, "real"));
  const lines = environmentLists(all)
    .split("\n")
    .map((line) => line.split("=", 2) as [string, string])
    .map(([key, value]) => [
      key,
      value.startsWith("[") ? (JSON.parse(value) as { name: string }[]).map(({ name }) => name) : value,
    ]);
  expect(Object.fromEntries(lines)).toEqual({
    environments: ["dev", "prod"],
    open: ["dev"],
    guarded: ["prod"],
    stacks: "streamflow-dev,streamflow-prod",
    "open-stacks": "streamflow-dev",
  });
});

test("pull requests share roles, and their environments are neither planned nor searched for drift", () => {
  const account = "123456789012";
  const state = { ...dev.state, bucket: "b-123456789012" } as typeof dev.state;
  const pullRequests = { most: 2, expireAfterDays: 3 };
  synthTo(join(folder, "pull-requests"), [{ ...dev, account, state, pullRequests }]);
  const all = deliveredEnvironments(join(folder, "pull-requests"));
  expect(all.map(({ name }) => name)).toEqual(["dev", "pr"]);
  expect(environmentLists(all)).not.toContain("pr-plan");
  const lines = oneEnvironment(join(folder, "pull-requests"), "pr-123");
  expect(lines).toContain(
    `apply-role=arn:aws:iam::${account}:role/streamflow-foundation-${account}-pr-apply`,
  );
  expect(oneEnvironment(join(folder, "pull-requests"), "pr")).toBe(lines);
  expect(oneEnvironment(join(folder, "real"), "pr-123")).toBe("deployable=false");
});

test("leaves out the sample accounts, which can't be deployed to", () => {
  synthTo(join(folder, "sample"), [dev, prod]);
  expect(deliveredEnvironments(join(folder, "sample"))).toEqual([]);
});

test("prints one environment in lines, and that a sample can't be deployed", () => {
  const account = "123456789012";
  const state = { ...dev.state, bucket: "b-123456789012" } as typeof dev.state;
  synthTo(join(folder, "one"), [{ ...dev, account, state }, prod]);
  expect(oneEnvironment(join(folder, "one"), "dev").split("\n")).toEqual([
    "deployable=true",
    "region=us-east-1",
    `plan-role=arn:aws:iam::${account}:role/streamflow-foundation-${account}-dev-plan`,
    `apply-role=arn:aws:iam::${account}:role/streamflow-foundation-${account}-dev-apply`,
  ]);
  expect(oneEnvironment(join(folder, "one"), "prod")).toBe("deployable=false");
});
