import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expectNoFaults } from "../support/faults";

const ROOT = resolve(__dirname, "../..");
const read = (path: string): string =>
  existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), "utf8") : "";

interface Listed {
  /** Text of the index that exports rules. */
  readonly index: string;
  /** Texts of the files with planted violations. */
  readonly planted: string;
}

/** Rule files that no index exports, or that have no planted violation. */
function fileFaults(ids: readonly string[], { index, planted }: Listed): string[] {
  return [
    ...ids
      .filter((id) => !index.includes(`/${id}"`))
      .map((id) => `export the rule of policies/rules/${id}.ts from policies/rules/index.ts`),
    ...ids
      .filter((id) => !planted.includes(`"${id}": `))
      .map((id) => `plant a violation of "${id}" and its repair in one of __tests__/policies/planted-*.ts`),
  ];
}

const ids = readdirSync(join(ROOT, "policies/rules"))
  .filter((name) => name !== "index.ts")
  .map((name) => name.replace(/\.ts$/, ""));
const listed: Listed = {
  index: read("policies/rules/index.ts") || read("policies/index.ts"),
  planted: readdirSync(__dirname)
    .filter((name) => name.startsWith("planted-"))
    .map((name) => readFileSync(join(__dirname, name), "utf8"))
    .join("\n"),
};

test("every file of a rule is exported, and has a planted violation", () => {
  expectNoFaults(fileFaults(ids, listed));
});

test("a rule that is not exported, and one without a violation, are named", () => {
  expect(fileFaults(["queue-is-empty"], listed)).toEqual([
    "export the rule of policies/rules/queue-is-empty.ts from policies/rules/index.ts",
    'plant a violation of "queue-is-empty" and its repair in one of __tests__/policies/planted-*.ts',
  ]);
});
