import { existsSync, readFileSync } from "node:fs";
import type { Step } from "./steps";

/** Result of a step. */
export interface StepResult {
  readonly step: Step;
  /** Exit code of its command. */
  readonly code: number;
  readonly milliseconds: number;
  readonly passed: number;
  /** One text per failure, starting with its file or the command. */
  readonly failures: readonly string[];
}

/** A line of reporter.js's file. */
interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: readonly string[];
}

export interface StepOutcome {
  /** Exit code of its command. */
  readonly code: number;
  readonly milliseconds: number;
  /** File that reporter.js writes, for Jest steps. */
  readonly resultsFile: string;
}

/** Result of a step, from its exit code and, for Jest, reporter.js's file. */
export function resultOf(step: Step, { code, milliseconds, resultsFile }: StepOutcome): StepResult {
  const files = step.jest && existsSync(resultsFile) ? readResults(resultsFile) : [];
  const failures = files.flatMap(({ file, failed }) => failed.map((title) => `${file}: ${title}`));
  const passed = step.jest ? files.reduce((sum, file) => sum + file.passed, 0) : Number(code === 0);
  // A failed command counts as a failure even if none of its tests failed.
  if (code !== 0 && failures.length === 0) failures.push(`npm run ${step.script}: exit code ${code}`);
  return { step, code, milliseconds, passed, failures };
}

function readResults(file: string): FileResult[] {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as FileResult);
}

/** One line per step, each failure with its file, and `N passed, N failed` as the last line. */
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
