import type { Goal } from "../cli/docs/performance/measurements";

/** What was measured of one thing in one turn, by figure: `{ wall: 1.2, cpu: 1.9, rss: 180 }`. */
export type Sample = Readonly<Record<string, number>>;

/** Samples by what they are of. Samples of the same index were taken in the same turn: they are what is compared. */
export type Measured = Readonly<Record<string, readonly Sample[]>>;

/** Units of the figures that `runCommand` gives; other figures name their own. */
export const UNITS: Readonly<Record<string, string>> = { wall: "s", cpu: "CPU-s", rss: "MiB", memory: "MiB" };

/** One row of the table: a figure of one thing, beside the same figure of its baseline. */
export interface Comparison {
  /** A key of what was measured, such as "synth". */
  readonly of: string;
  /** A key of what was measured: the baseline. Without one, the goal is a bound of the figure itself. */
  readonly than?: string;
  /** A key of each sample. */
  readonly figure: string;
  /** By default that of `UNITS`. */
  readonly unit?: string;
  /** A ratio to the baseline, or the figure itself where there is none. A row without a goal only informs. */
  readonly goal?: Goal | undefined;
  /** Why the goal can't be met, where it is not: shown only then. */
  readonly limit?: string | undefined;
}

/** How many turns are measured: at least `least`, then until every row's confidence interval is narrow, or `most`. */
export interface Turns {
  readonly least: number;
  readonly most: number;
}

/** What a case is given. */
export interface Bench {
  /** What needs another sample, given all samples so far: a subject of `comparisons`, or a baseline. */
  needed(measured: Measured): ReadonlySet<string>;
  /** A folder of the case's own, `.local/bench/<name>/`, which is there. */
  readonly folder: string;
  /** Installs a baseline of `bench/baselines/` in a folder of its own; returns the folder. */
  baseline(name: string): Promise<string>;
  /** Says what is being done. */
  tell(line: string): void;
}

/** What a file of `cases/` exports as `benchmark`; the file has its name. */
export interface Benchmark {
  readonly name: string;
  /** What is compared with what, in one sentence. */
  readonly about: string;
  /** By default from 5 to 30; `COMPUTED` for what never varies. */
  readonly turns?: Turns;
  /** Why it is measured only when it is asked for by its name. */
  readonly onlyByName?: string;
  readonly comparisons: readonly Comparison[];
  /** Measures by turns: see `takeTurns`. Throws when something can't be measured. */
  measure(bench: Bench): Promise<Measured>;
}

/** For a case whose samples are always the same. */
export const COMPUTED: Turns = { least: 1, most: 1 };
