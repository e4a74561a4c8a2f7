import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark } from "./case";

const CASES = join(__dirname, "cases");

/** Names of all cases, from the files in `cases/`. */
export function caseNames(): string[] {
  return readdirSync(CASES)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length))
    .sort();
}

/** A case by name. Throws if its file does not export it. */
export async function findCase(name: string): Promise<Benchmark> {
  const { benchmark } = (await import(join(CASES, `${name}.ts`))) as { benchmark?: Benchmark };
  if (benchmark?.name !== name) throw new Error(`bench/cases/${name}.ts must export a benchmark "${name}"`);
  return benchmark;
}
