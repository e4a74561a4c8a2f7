import { parseOptions } from "../../../cli/delivery/options";
import { Refusal } from "../../../packages/cli-kit/refusal";

const DIGEST = "a".repeat(64);

test("an environment is all that plan and deploy need", () => {
  expect(parseOptions(["plan", "dev"])).toMatchObject({ command: "plan", names: ["dev"], foundation: false });
  expect(parseOptions(["deploy", "dev"])).toMatchObject({ yes: false, reviewed: undefined });
});

test("diff takes any number of environments", () => {
  expect(parseOptions(["diff"]).names).toEqual([]);
  expect(parseOptions(["diff", "dev", "prod"]).names).toEqual(["dev", "prod"]);
});

test("a reviewed plan is a file and the digest of its bytes", () => {
  const options = parseOptions(["deploy", "dev", "--plan", "plan.tfplan", "--digest", DIGEST]);
  expect(options.reviewed).toEqual({ plan: "plan.tfplan", digest: DIGEST });
});

test.each([
  [["apply", "dev"], 'the command must be one of plan, deploy, diff, drift, watch, got "apply"'],
  [["plan"], "npm run plan wants an environment, got none"],
  [["deploy", "dev", "prod"], "npm run deploy wants an environment, got dev prod"],
  [["plan", "dev", "--yes"], "--yes is for npm run deploy"],
  [["diff", "--digest", DIGEST], "--digest is for npm run deploy"],
  [["deploy", "dev", "--plan", "plan.tfplan"], "--plan and --digest go together"],
  [
    ["deploy", "dev", "--plan", "p", "--digest", "abc"],
    "--digest must be a SHA-256 of 64 hexadecimal digits",
  ],
  [["deploy", "dev", "--accept", "abc"], '--accept must be the first 8 to 64 digits of a digest, got "abc"'],
  [["watch", "dev"], "--since must be a time such as 2026-11-24T08:00:00Z, got none"],
  [["watch", "dev", "--since", "now"], "--since must be a time"],
  [["watch", "dev", "--since", "2026-11-24", "--minutes", "90"], "--minutes must be from 1 to 60, got 90"],
  [["deploy", "dev", "--force"], "Unknown option '--force'"],
])("%j is refused with what is allowed", (args, message) => {
  expect(() => parseOptions(args)).toThrow(Refusal);
  expect(() => parseOptions(args)).toThrow(message);
});

test("help needs no environment", () => {
  expect(parseOptions(["deploy", "--help"]).help).toBe(true);
});
