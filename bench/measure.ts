import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import { type CaseResult, type Measurements, readMeasurements } from "../cli/docs/performance/measurements";
import { table } from "../cli/docs/performance/table";
import { installBaseline } from "./baseline";
import type { Benchmark, Turns } from "./case";
import { caseNames, findCase } from "./find";
import { machine } from "./machine";
import { neededFor, rowsOf } from "./rows";

export interface BenchOptions {
  /** Names of cases; empty for all without `onlyByName`. */
  readonly names: readonly string[];
  /**
   * Turns of every case.
   * @default the case's own
   */
  readonly runs: number | undefined;
  /** File for the measurements; cases not measured now are kept. */
  readonly out: string;
}

const DEFAULT_TURNS: Turns = { least: 5, most: 30 };

const began = Date.now();
/** Prints progress to standard error; standard output only has tables. */
const tell = (line: string): void =>
  console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${line}`);

/** Prints every case with its description. */
export async function listCases(): Promise<void> {
  for (const { name, about, onlyByName } of await Promise.all(caseNames().map(findCase))) {
    console.log(`${name}: ${about}${onlyByName === undefined ? "" : ` (only by its name: ${onlyByName})`}`);
  }
}

/** Measures cases; after each, writes the measurements and prints a table. Returns 1 if a case failed. */
export async function measureAll({ names, runs, out }: BenchOptions): Promise<0 | 1> {
  const all = await Promise.all((names.length > 0 ? names : caseNames()).map(findCase));
  const left = names.length > 0 ? [] : all.filter(({ onlyByName }) => onlyByName !== undefined);
  const failures: string[] = [];
  for (const benchmark of all.filter((one) => !left.includes(one))) {
    try {
      const result = await measure(benchmark, runs);
      save(out, result);
      console.log(`${result.name}: ${result.about}\n\n${table(result.rows)}\n`);
    } catch (error) {
      failures.push(`${benchmark.name} failed: ${(error as Error).message}`);
      tell(failures.at(-1) ?? "");
    }
  }
  left.forEach(({ name, onlyByName }) =>
    console.log(`skipping ${name} (only measured by name): ${onlyByName}`),
  );
  failures.forEach((line) => console.log(line));
  console.log(out);
  return failures.length > 0 ? 1 : 0;
}

/** Writes a case's result to the file, replacing an earlier one. */
export function save(file: string, result: CaseResult): void {
  const { cases } = existsSync(file) ? readMeasurements(file) : { cases: [] };
  const others = cases.filter(({ name }) => name !== result.name);
  const measurements: Measurements = {
    cases: [...others, result].sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(measurements, null, 2)}\n`);
}

async function measure(benchmark: Benchmark, asked: number | undefined): Promise<CaseResult> {
  const { name, about, comparisons } = benchmark;
  tell(`${name}: ${about}`);
  const turns = asked === undefined ? (benchmark.turns ?? DEFAULT_TURNS) : { least: asked, most: asked };
  const folder = join(localFolder, "bench", name);
  mkdirSync(folder, { recursive: true });
  const told = (line: string): void => tell(`${name}: ${line}`);
  const measured = await benchmark.measure({
    needed: neededFor(comparisons, turns),
    folder,
    baseline: (baseline) => installBaseline(baseline, told),
    tell: told,
  });
  writeFileSync(join(folder, "samples.json"), JSON.stringify(measured, null, 2));
  return { name, about, machine: machine(new Date()), rows: rowsOf(benchmark, measured) };
}
