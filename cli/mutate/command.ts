import { existsSync } from "node:fs";
import { relative } from "node:path";
import { defineCommand } from "@packages/cli-kit/command";
import { projectFolder } from "@packages/cli-kit/paths";
import { integer, option, path, positionals } from "@packages/cli-kit/values";
import { testsIn, testsOf } from "./tests";

export const mutate = defineCommand({
  name: "mutate",
  summary: "Changes the code in many small ways and lists the changes that no unit test detects.",
  description: [
    "Runs Stryker, which it installs into .local/mutate, on a copy of the checkout. The tests of a file are those that",
    "mirror its path: packages/iam is tested by __tests__/packages/iam. With --tests, only those of that file or",
    "folder run. What is computed while a file is loaded is not changed, because all tests would have to run for it.",
    "Undetected changes are listed with their lines. Hundreds of changes take minutes; the full report is",
    ".local/mutate/report.json.",
  ].join("\n"),
  examples: [
    "packages/iam",
    "policies stacks/settings.ts",
    "stacks/lib/schema.ts --tests __tests__/stacks/settings.test.ts",
  ],
  positionals: { paths: positionals(path("PATH"), "files or folders to change", { min: 1 }) },
  options: {
    concurrency: option(integer("N", { min: 1, max: 64 }), "number of concurrent changes", {
      default: "2",
    }),
    tests: option(path("PATH"), "file or folder of unit tests, instead of those that mirror the paths"),
  },
  check: ({ paths, tests }) => {
    const absent = paths.find((one) => !existsSync(one));
    if (absent !== undefined) return `there is no ${fromProject(absent)}`;
    if (tests !== undefined) {
      const given = fromProject(tests);
      return testsIn(given) === undefined ? `--tests: there are no unit tests at ${given}` : undefined;
    }
    const untested = paths.map(fromProject).find((one) => testsOf(one) === undefined);
    return untested === undefined ? undefined : `${untested} has no tests at __tests__/${untested}`;
  },
  run: async ({ paths, concurrency, tests }, { print }) => {
    const { runMutations } = await import("./mutate");
    const changed = paths.map(fromProject);
    const patterns = tests === undefined ? changed.map(testsOf) : [testsIn(fromProject(tests))];
    await runMutations({
      paths: changed,
      tests: patterns.filter((pattern) => pattern !== undefined),
      concurrency,
      print,
    });
  },
});

/** A path relative to the repository. */
const fromProject = (path: string): string => relative(projectFolder, path);
