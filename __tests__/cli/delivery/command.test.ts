import "../../support/with-test-environments";
import { deploy, diff, drift, plan, watch } from "../../../cli/delivery/command";
import { environmentNames } from "../../../cli/lib/environment";
import { UsageError } from "../../../packages/cli-kit/values";

const SHA256 = "a".repeat(64);
const commands = { plan, deploy, diff, drift, watch };

test("an environment is all that plan and deploy need", () => {
  expect(plan.parse(["dev"])).toMatchObject({ target: "dev" });
  expect(deploy.parse(["dev"])).toMatchObject({ target: "dev", yes: false, plan: undefined });
});

test("the foundation of an environment's account is named as the environment is", () => {
  for (const command of [plan, deploy, drift]) {
    expect(command.parse(["foundation-dev"])).toMatchObject({ target: "foundation-dev" });
  }
});

test("diff takes any number of environments", () => {
  expect(diff.parse([]).targets).toEqual([]);
  expect(diff.parse(["dev", "prod"]).targets).toEqual(["dev", "prod"]);
});

test("a reviewed plan is a file and the SHA-256 of its bytes", () => {
  const input = deploy.parse(["dev", "--plan", "/tmp/plan.tfplan", "--sha256", SHA256]);
  expect(input).toMatchObject({ plan: "/tmp/plan.tfplan", sha256: SHA256 });
});

test("a watch starts at a given time and lasts 10 minutes by default", () => {
  const input = watch.parse(["dev", "--since", "2026-11-24T08:00:00Z"]);
  expect(input).toMatchObject({ since: new Date("2026-11-24T08:00:00Z"), minutes: 10 });
});

test.each<[keyof typeof commands, string[], string]>([
  ["plan", [], `npm run plan: missing ENVIRONMENT: must be one of ${environmentNames.join(", ")}`],
  ["deploy", ["dev", "prod"], 'unexpected argument "prod"'],
  ["plan", ["stagign"], 'got "stagign" (did you mean staging?)'],
  ["plan", ["dev", "--yes"], "unknown option --yes"],
  ["diff", ["--sha256", SHA256], "unknown option --sha256"],
  ["deploy", ["dev", "--plan", "plan.tfplan"], "--plan and --sha256 must be used together"],
  [
    "deploy",
    ["dev", "--plan", "p", "--sha256", "abc"],
    "--sha256 must be a SHA-256 of 64 hexadecimal digits",
  ],
  [
    "deploy",
    ["dev", "--accept", "abc"],
    '--accept must be the first 8 to 64 hexadecimal digits of a digest, got "abc"',
  ],
  ["watch", ["dev"], "missing --since TIME"],
  ["watch", ["dev", "--since", "now"], '--since must be a time such as 2026-11-24T08:00:00Z, got "now"'],
  ["watch", ["dev", "--since", "2026-11-24", "--minutes", "90"], '--minutes must be from 1 to 60, got "90"'],
  ["deploy", ["dev", "--force"], "unknown option --force"],
])("npm run %s refuses %j with what is allowed", (name, args, message) => {
  expect(() => commands[name].parse(args)).toThrow(UsageError);
  expect(() => commands[name].parse(args)).toThrow(message);
});
