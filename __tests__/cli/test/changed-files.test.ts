import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { changedFiles } from "../../../cli/test/changed-files";
import { stepsFor } from "../../../cli/test/steps";

let folder: string;

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Tests", "-c", "user.email=tests@example.org", ...args], {
    cwd: folder,
    stdio: "ignore",
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "changed-files-"));
  mkdirSync(join(folder, "stacks"));
  for (const name of ["same.ts", "stacks/edited.ts", "deleted.ts"]) writeFileSync(join(folder, name), "1");
  writeFileSync(join(folder, ".gitignore"), "generated");
  git("init");
  git("add", ".");
  git("commit", "-m", "first");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("are those that differ from the last commit, staged or not, and new ones", () => {
  writeFileSync(join(folder, "stacks/edited.ts"), "2");
  writeFileSync(join(folder, "a new one.ts"), "1");
  writeFileSync(join(folder, "generated"), "1");
  rmSync(join(folder, "deleted.ts"));
  git("add", "stacks/edited.ts");
  expect(changedFiles(folder)).toEqual(["stacks/edited.ts", "a new one.ts"]);
});

test("are rejected in one line where there is no commit, or no repository", () => {
  expect(() => changedFiles(folder)).toThrow("--changed: no file differs from the last commit");
  expect(() => changedFiles(join(folder, "nowhere"))).toThrow("--changed needs git: ");
});

const scriptsFor = (...files: string[]) => stepsFor(files, []).map(({ script }) => script);

test("select the steps that they can break", () => {
  const code = ["lint", "test:unit", "types", "imports:files", "format:files"];
  expect(scriptsFor("packages/iam/evaluate.ts")).toEqual(code);
  expect(scriptsFor("stacks/settings.ts")).toEqual([...code, "policies"]);
  expect(scriptsFor("web/src/app.tsx")).toEqual(code);
  expect(scriptsFor("README.md")).toEqual(["format:files"]);
});

test("are linted, and select the tests", () => {
  const [lint, unit] = stepsFor(["cli/test/steps.ts", "README.md"], ["/one.json", "/other.json"]);
  expect(lint?.args).toEqual(["cli/test/steps.ts"]);
  expect(lint?.env).toEqual({ LINT_PROJECTS: ["/one.json", "/other.json"].join(delimiter) });
  expect(unit?.args).toEqual(["--passWithNoTests", "--findRelatedTests", "cli/test/steps.ts"]);
});
