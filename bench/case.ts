import type { Goal } from "../cli/docs/performance/measurements";

/** Figures of one subject in one turn: `{ wall: 1.2, cpu: 1.9, rss: 180 }`. */
export type Sample = Readonly<Record<string, number>>;

/** Samples by subject. Samples with the same index are of the same turn and are compared. */
export type Measured = Readonly<Record<string, readonly Sample[]>>;

/** Units of `runCommand`'s figures; other figures have their own. */
export const UNITS: Readonly<Record<string, string>> = { wall: "s", cpu: "CPU-s", rss: "MiB", memory: "MiB" };

/** A row of the table: a figure of a subject and of its baseline. */
export interface Comparison {
  /** Subject, such as "synth". */
  readonly of: string;
  /** Baseline. Without one, the goal is for the figure itself. */
  readonly than?: string;
  /** Name of the figure in each sample. */
  readonly figure: string;
  /**
   * Unit.
   * @default from `UNITS`
   */
  readonly unit?: string;
  /** Goal of the ratio, or of the figure without a baseline. Rows without goal are informative. */
  readonly goal?: Goal | undefined;
  /** Why the goal is not met; shown only then. */
  readonly limit?: string | undefined;
}

/** Number of turns: at least `least`, then until all confidence intervals are narrow, or `most`. */
export interface Turns {
  readonly least: number;
  readonly most: number;
}

/** Context of a case. */
export interface Bench {
  /** Subjects and baselines that need more samples. */
  needed(measured: Measured): ReadonlySet<string>;
  /** Existing folder of the case, `.local/bench/<name>/`. */
  readonly folder: string;
  /** Installs a baseline of `bench/baselines/`; returns its folder. */
  baseline(name: string): Promise<string>;
  /** Prints progress. */
  tell(line: string): void;
}

/** The export `benchmark` of a file in `cases/`, with the file's name. */
export interface Benchmark {
  readonly name: string;
  /** One sentence about what is compared. */
  readonly about: string;
  /**
   * Number of turns; `COMPUTED` for constant results.
   * @default 5 to 30
   */
  readonly turns?: Turns;
  /** Why it is only measured if named on the command line. */
  readonly onlyByName?: string;
  readonly comparisons: readonly Comparison[];
  /** Measures in turns, see `takeTurns`. Throws if a measurement fails. */
  measure(bench: Bench): Promise<Measured>;
}

/** Turns of cases with constant samples. */
export const COMPUTED: Turns = { least: 1, most: 1 };
