import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSteps } from "../../../cli/test/run-steps";
import type { Step } from "../../../cli/test/steps";
import { summaryOf } from "../../../cli/test/summary";

const JEST = require.resolve("jest/bin/jest");
const REPORTER = require.resolve("../../../cli/test/reporter.js");
const JUNIT = require.resolve("jest-junit");
let project: string;

/** A project whose scripts pass or fail in every way that this project's scripts can. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "streamflow-steps-"));
  mkdirSync(join(project, "reports"));
  const jest = `node ${JSON.stringify(JEST)} --reporters=${JSON.stringify(REPORTER)} --reporters=${JSON.stringify(JUNIT)} --rootDir=. --testEnvironment=node`;
  const scripts = {
    lint: "echo it has a fault; exit 3",
    types: "echo all types fit",
    unit: `${jest} sums throws`,
    none: `${jest} absent --passWithNoTests=false`,
  };
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "steps", scripts }));
  writeFileSync(
    join(project, "sums.test.js"),
    `describe("a sum", () => {
       it("is right", () => expect(1 + 1).toBe(2));
       it("is wrong", () => expect(1 + 1).toBe(3));
     });`,
  );
  writeFileSync(join(project, "throws.test.js"), `throw new Error("no such module");`);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const step = (name: string, jest = false): Step => ({ name, script: name, jest });

async function run(steps: readonly Step[], concurrency = 1) {
  let output = "";
  const write = (text: string): void => void (output += text);
  const results = await runSteps(steps, { project, folder: join(project, "reports"), concurrency, write });
  return { results, output, summary: summaryOf(results) };
}

it("runs the steps after a failed one, and ends with the number of passed and failed steps", async () => {
  const { results, output, summary } = await run([step("lint"), step("types")]);
  expect(results.map(({ code }) => code)).toEqual([3, 0]);
  expect(output).toContain("all types fit");
  expect(summary).toContain("npm run lint: exit code 3");
  expect(summary.trim().split("\n").at(-1)).toBe("1 passed, 1 failed");
});

it("names each test that fails with its file, and a file that can't be loaded", async () => {
  const { results, summary } = await run([step("unit", true), step("types")]);
  expect([...(results[0]?.failures ?? [])].sort()).toEqual([
    "sums.test.js: a sum is wrong",
    "throws.test.js: the file can't be run",
  ]);
  expect(summary).toContain("  sums.test.js: a sum is wrong\n");
  expect(summary.trim().split("\n").at(-1)).toBe("2 passed, 2 failed");
  const junit = readFileSync(join(project, "reports/junit/unit.xml"), "utf8");
  expect(junit).toMatch(/<testsuites [^>]*tests="2" failures="1"/);
  expect(junit).toMatch(/<testcase [^>]*name="a sum is wrong"[^>]*>\s*<failure>/);
});

it("counts a run of Jest that finds no test as failed", async () => {
  const { summary } = await run([step("none", true)]);
  expect(summary.trim().split("\n").at(-1)).toBe("0 passed, 1 failed");
});

it("prints the start of concurrent steps, and their output in sequence", async () => {
  const { output } = await run([step("lint"), step("types")], 2);
  const [started, ...sections] = output.split("\n=== npm run ");
  expect(started).toBe("npm run lint: started\nnpm run types: started\n");
  expect(sections.sort()).toEqual(["lint\nit has a fault\n", "types\nall types fit\n"]);
});
