import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";

/** The measurements that docs/performance.md is generated from. */
export const MEASUREMENTS_FILE = join(projectFolder, "docs/performance.json");

/** A bound of a figure, or of its ratio to the baseline. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One figure of a subject, with the same figure of its baseline. */
export interface Row {
  readonly subject: string;
  readonly baseline?: string;
  readonly figure: string;
  /** Empty for a count. */
  readonly unit: string;
  /** Samples: pairs, where there is a baseline. */
  readonly turns: number;
  /** Geometric mean of the subject's samples. */
  readonly value: number;
  /** Geometric mean of the baseline's. */
  readonly baselineValue?: number;
  /** Geometric mean of the ratios of pairs; without a baseline, `value`. */
  readonly estimate: number;
  /** 95 % confidence interval of `estimate`; both equal it where one turn was made. */
  readonly low: number;
  readonly high: number;
  readonly goal?: Goal;
  /** Why the goal is not met: shown only then. */
  readonly limit?: string;
}

/** Where, when and of which source a case was measured. */
export interface Machine {
  readonly date: string;
  /** Of the checkout, with `+` when files differ from it. */
  readonly commit: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
}

export interface CaseResult {
  readonly name: string;
  /** What is compared with what. */
  readonly about: string;
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

/** Cases in the order of their names. */
export interface Measurements {
  readonly cases: readonly CaseResult[];
}

/** The measurements of a file that `npm run bench` wrote. */
export function readMeasurements(file: string = MEASUREMENTS_FILE): Measurements {
  return JSON.parse(readFileSync(file, "utf8")) as Measurements;
}

/** A row is settled when its 95 % confidence interval is narrower than 5 %: ± 2.5 % of the estimate. */
export const MAX_HALF_WIDTH = 0.025;

/** Half the width of a row's interval, relative to its estimate: 0.02 is ± 2 %. */
export const halfWidth = ({ low, high }: Pick<Row, "low" | "high">): number => Math.sqrt(high / low) - 1;

export type Verdict = "yes" | "no" | "undecided";

/** Whether the whole interval meets the goal, none of it does, or the goal lies inside it; undefined without a goal. */
export function verdictOf({ goal, low, high }: Pick<Row, "goal" | "low" | "high">): Verdict | undefined {
  if (goal === undefined) return undefined;
  const [worst, best, bound] = "atMost" in goal ? [high, low, goal.atMost] : [-low, -high, -goal.atLeast];
  if (worst <= bound) return "yes";
  return best > bound ? "no" : "undecided";
}
