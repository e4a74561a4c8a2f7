import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import { installBaseline } from "./baseline";
import type { Benchmark } from "./case";
import { caseNames, findCase } from "./find";
import { machine, machineText, type Result } from "./results";
import { rowsOf } from "./rows";
import { table } from "./table";

export interface BenchOptions {
  /** Cases by name; all but those that want to be named, when there is none. */
  readonly names: readonly string[];
  /** Turns of every case; by default what each case says. */
  readonly runs: number | undefined;
  /** Where results.json is written. */
  readonly out: string;
}

const began = Date.now();
/** What is under way goes to standard error; standard output has the table alone. */
const tell = (line: string): void =>
  console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${line}`);

/** Prints every case with what it compares. */
export async function listCases(): Promise<void> {
  for (const { name, about, onlyByName } of await Promise.all(caseNames().map(findCase))) {
    console.log(`${name}: ${about}${onlyByName === undefined ? "" : ` (only by its name: ${onlyByName})`}`);
  }
}

/** Measures the cases, writes the results and prints a table; 1 when a case failed. */
export async function measureAll({ names, runs, out }: BenchOptions): Promise<0 | 1> {
  const all = await Promise.all((names.length > 0 ? names : caseNames()).map(findCase));
  const left = names.length > 0 ? [] : all.filter(({ onlyByName }) => onlyByName !== undefined);
  const cases: Result[] = [];
  const broken: string[] = [];
  for (const benchmark of all.filter((one) => !left.includes(one))) {
    try {
      cases.push(await measure(benchmark, runs));
    } catch (error) {
      broken.push(`${benchmark.name} broke: ${(error as Error).message}`);
      tell(broken.at(-1) ?? "");
    }
  }
  const results = { machine: machine(new Date()), cases };
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "results.json"), JSON.stringify(results, null, 2));
  console.log(`${machineText(results.machine)}\n\n${table(cases.flatMap(({ rows }) => rows))}\n`);
  left.forEach(({ name, onlyByName }) => console.log(`${name} is measured only by its name: ${onlyByName}`));
  broken.forEach((line) => console.log(line));
  console.log(join(out, "results.json"));
  return broken.length > 0 ? 1 : 0;
}

async function measure(benchmark: Benchmark, asked: number | undefined): Promise<Result> {
  const { name, about, runs = 5 } = benchmark;
  tell(`${name}: ${about}`);
  const folder = join(localFolder, "bench", name);
  mkdirSync(folder, { recursive: true });
  const told = (line: string): void => tell(`${name}: ${line}`);
  const measured = await benchmark.measure({
    runs: asked ?? runs,
    folder,
    baseline: (baseline) => installBaseline(baseline, told),
    tell: told,
  });
  return { benchmark: { name, about }, measured, rows: rowsOf(benchmark, measured) };
}
