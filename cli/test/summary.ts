import { existsSync, readFileSync } from "node:fs";
import type { Step } from "./steps";

/** What one step came to. */
export interface StepResult {
  readonly step: Step;
  /** Exit code of its command. */
  readonly code: number;
  readonly milliseconds: number;
  readonly passed: number;
  /** One text for each failure, which begins with its file, or with the command. */
  readonly failures: readonly string[];
}

/** A line of the file that reporter.js writes. */
interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: readonly string[];
}

export interface StepOutcome {
  /** Exit code of its command. */
  readonly code: number;
  readonly milliseconds: number;
  /** What reporter.js wrote, if Jest ran. */
  readonly resultsFile: string;
}

/** What a step came to, from its exit code and, for Jest, the file that reporter.js wrote. */
export function resultOf(step: Step, { code, milliseconds, resultsFile }: StepOutcome): StepResult {
  const files = step.jest && existsSync(resultsFile) ? readResults(resultsFile) : [];
  const failures = files.flatMap(({ file, failed }) => failed.map((title) => `${file}: ${title}`));
  const passed = step.jest ? files.reduce((sum, file) => sum + file.passed, 0) : Number(code === 0);
  // A command that fails counts even where no test of it tells why.
  if (code !== 0 && failures.length === 0) failures.push(`npm run ${step.script}: exit code ${code}`);
  return { step, code, milliseconds, passed, failures };
}

function readResults(file: string): FileResult[] {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as FileResult);
}

/** A line for each step, each failure with its file, and `N passed, N failed` as the last line. */
export function summaryOf(results: readonly StepResult[]): string {
  const width = Math.max(...results.map(({ step }) => step.name.length));
  const failures = results.flatMap((result) => result.failures);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  return [
    "",
    ...results.map(({ step, code, milliseconds, passed, failures }) => {
      const state = code === 0 ? "passed" : "FAILED";
      const counts = step.jest ? `, ${passed} passed, ${failures.length} failed` : "";
      return `${step.name.padEnd(width)}  ${state}  ${Math.round(milliseconds / 1000)} s${counts}`;
    }),
    ...(failures.length > 0 ? ["", "Failures:", ...failures.map((failure) => `  ${failure}`)] : []),
    "",
    `${passed} passed, ${failures.length} failed`,
    "",
  ].join("\n");
}
