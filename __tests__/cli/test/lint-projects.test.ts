import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeLintProjects } from "../../../cli/test/lint-projects";

let project: string;
let folder: string;

beforeAll(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), "lint-projects-")));
  folder = join(project, ".local/lint");
  const files: Record<string, string> = {
    "tsconfig.json": JSON.stringify({
      compilerOptions: { strict: true, types: [] },
      include: ["code", "*.config.*"],
    }),
    "web/tsconfig.json": JSON.stringify({ extends: "../tsconfig.json", include: ["src", "../tests/web"] }),
    "code/changed.ts":
      'import { imported } from "./imported"; import { declared } from "declared"; imported(declared);',
    "code/imported.ts": "export const imported = (value: string) => value;",
    "code/unrelated.ts": "export const unrelated = 1;",
    "code/modules.d.ts": 'declare module "declared" { export const declared: string; }',
    "web/src/page.ts": "export const page = 1;",
    "tests/web/page.ts": "export const tested = 1;",
  };
  for (const name of ["code", "web/src", "tests/web"]) mkdirSync(join(project, name), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** The program of a configuration: its files below the project, without TypeScript's own. Throws if a type is wrong. */
function programOf(file: string): string[] {
  const tsc = require.resolve("typescript/bin/tsc");
  const output = execFileSync(process.execPath, [tsc, "-p", file, "--noEmit", "--listFiles"], {
    encoding: "utf8",
  });
  return output
    .split("\n")
    .filter((line) => line.startsWith(`${project}/`))
    .map((line) => line.slice(project.length + 1))
    .sort();
}

test("contain the changed files, what they import, and declarations, each in the project of its folder", () => {
  const [web, own] = writeLintProjects(["code/changed.ts", "web/src/page.ts", "tests/web/page.ts"], {
    project,
    folder,
  });
  expect(programOf(String(own))).toEqual(["code/changed.ts", "code/imported.ts", "code/modules.d.ts"]);
  expect(programOf(String(web))).toEqual(["tests/web/page.ts", "web/src/page.ts"]);
});

test("keep the options of their project", () => {
  writeFileSync(join(project, "code/wrong.ts"), "export const wrong = (value) => value;");
  const [, own] = writeLintProjects(["code/wrong.ts"], { project, folder });
  expect(readFileSync(String(own), "utf8")).toContain(JSON.stringify(join(project, "tsconfig.json")));
  expect(() => programOf(String(own))).toThrow();
});
