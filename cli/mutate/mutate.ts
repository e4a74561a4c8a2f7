import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { localFolder, projectFolder } from "@packages/cli-kit/paths";
import { startProcess } from "@packages/cli-kit/process";
import { copyCheckout } from "../lib/checkout";
import { installOptional } from "@packages/cli-kit/optional-packages";
import { type MutationReport, summaryOf } from "./report";

export interface Mutations {
  /** Files or folders of the repository. */
  readonly paths: readonly string[];
  /** Jest patterns of the tests that run on each change. */
  readonly tests: readonly string[];
  /** Number of concurrent changes. */
  readonly concurrency: number;
  readonly print: (line: string) => void;
}

/** Runs Stryker on a copy of the checkout and prints undetected changes. Throws if Stryker fails. */
export async function runMutations({ paths, tests, concurrency, print }: Mutations): Promise<void> {
  const folder = join(localFolder, "mutate");
  const packages = join(folder, "packages");
  await installOptional({ manifest: join(__dirname, "stryker"), folder: packages });
  const copy = mkdtempSync(join(tmpdir(), "streamflow-mutate-"));
  try {
    copyCheckout(copy);
    const reportFile = join(folder, "report.json");
    writeFileSync(join(copy, "jest.mutate.config.js"), jestConfig(tests));
    const config = strykerConfig({ paths, concurrency, reportFile });
    writeFileSync(join(copy, "stryker.config.json"), JSON.stringify(config));
    const stryker = await startProcess({
      name: "stryker",
      command: process.execPath,
      args: [
        join(packages, "node_modules/@stryker-mutator/core/bin/stryker.js"),
        "run",
        "stryker.config.json",
      ],
      cwd: copy,
      mergeOutput: true,
    });
    if (stryker.stdout) createInterface({ input: stryker.stdout }).on("line", print);
    const { code } = await stryker.ended;
    if (code !== 0) throw new Error(`Stryker ended with exit code ${code}`);
    print(summaryOf(JSON.parse(readFileSync(reportFile, "utf8")) as MutationReport));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Jest configuration with some of the unit tests; all of them would take minutes per change. */
function jestConfig(tests: readonly string[]): string {
  const patterns = tests.map((pattern) => `<rootDir>/${pattern}`);
  return `const { projects, testTimeout } = require("./jest.config");
const { displayName, ...unit } = projects.find(({ displayName }) => displayName === "unit");
module.exports = { ...unit, testTimeout, testMatch: ${JSON.stringify(patterns)} };
`;
}

function strykerConfig(options: {
  readonly paths: readonly string[];
  readonly concurrency: number;
  readonly reportFile: string;
}): object {
  const { paths, concurrency, reportFile } = options;
  const isFolder = (path: string): boolean => statSync(join(projectFolder, path)).isDirectory();
  return {
    mutate: paths.map((path) => (isFolder(path) ? `${path}/**/*.ts` : path)),
    plugins: ["@stryker-mutator/jest-runner"],
    testRunner: "jest",
    jest: { projectType: "custom", configFile: "jest.mutate.config.js", enableFindRelatedTests: false },
    coverageAnalysis: "perTest",
    inPlace: true,
    concurrency,
    // A change may cause an endless loop; everything else ends as fast as the original.
    timeoutMS: 60_000,
    reporters: ["progress-append-only", "json"],
    jsonReporter: { fileName: reportFile },
    allowEmpty: false,
    // A value that is computed when its file is loaded, such as a text of a table, would need all tests each time.
    ignoreStatic: true,
    disableTypeChecks: false,
    checkers: [],
  };
}
