import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import { installBaseline } from "./baseline";
import type { Benchmark } from "./case";
import { caseNames, findCase } from "./find";
import { type BenchOptions, OptionError, parseOptions, usage } from "./options";
import { machine, machineText, type Result } from "./results";
import { rowsOf } from "./rows";
import { table } from "./table";

const began = Date.now();
/** What is under way goes to standard error; standard output has the table alone. */
const tell = (line: string): void =>
  console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${line}`);

/** `npm run bench`. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args, caseNames());
  if (options.help) console.log(usage);
  else if (options.list) await list();
  else return measureAll(options);
  return 0;
}

async function list(): Promise<void> {
  for (const { name, about, onlyByName } of await Promise.all(caseNames().map(findCase))) {
    console.log(`${name}: ${about}${onlyByName === undefined ? "" : ` (only by its name: ${onlyByName})`}`);
  }
}

async function measureAll({ names, runs, out }: BenchOptions): Promise<number> {
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

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof OptionError ? error.message : error);
    process.exitCode = error instanceof OptionError ? 2 : 1;
  },
);
