import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { localFolder } from "@packages/cli-kit/paths";

export interface BenchOptions {
  /** Cases by name; all but those that want to be named, when there is none. */
  readonly names: readonly string[];
  /** Turns of every case; by default what each case says. */
  readonly runs: number | undefined;
  /** Where results.json goes. */
  readonly out: string;
  readonly list: boolean;
  readonly help: boolean;
}

export const usage = `npm run bench [-- NAME…] [options]

Measures cases of bench/cases/ side by side with their baselines, by turns, and prints a table of ratios.

  --runs N       turns of each case, from 1 to 100 (5, or what the case says)
  --out FOLDER   where results.json goes (.local/bench)
  --list         the cases, and what each compares
  --help         this text

Exit code 0: everything was measured, whether goals are met or not; 1: a case broke; 2: no such case or option.
`;

/** A mistake in what was typed. */
export class OptionError extends Error {}

/** Reads the command line. Throws OptionError, whose message says what is allowed. */
export function parseOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals: names } = parsed(args);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new OptionError(`a case must be one of ${known.join(", ")}, got "${unknown}"`);
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isInteger(runs) && runs >= 1 && runs <= 100)) {
    throw new OptionError(`--runs must be from 1 to 100, got "${values.runs}"`);
  }
  return { names, runs, out: resolve(values.out), list: values.list, help: values.help };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: true,
      options: {
        runs: { type: "string" },
        out: { type: "string", default: join(localFolder, "bench") },
        list: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    const [reason = ""] = (error as Error).message.split(/\. To specify|\n/);
    throw new OptionError(`${reason.replace(/\.$/, "")}; npm run bench -- --help lists the options`);
  }
}
