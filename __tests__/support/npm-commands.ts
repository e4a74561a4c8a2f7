import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { environments } from "../../stacks/environments";
import { ROOT, textOf } from "./markdown";

type Parse = (args: readonly string[]) => unknown;
interface Options {
  readonly parseOptions: (...args: unknown[]) => unknown;
}

/** When documents are read: later than any time in them. */
const NOW = new Date("2100-01-01T00:00:00Z");
const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };

/** Why a command of npm is wrong, by the script's own parser of options; undefined when it is right. */
export function npmFault(words: readonly string[]): string | undefined {
  const [, run = "", ...rest] = words;
  if (run === "ci" || run === "test") return rest.length === 0 ? undefined : `npm ${run} takes nothing`;
  const script = run === "run" ? (rest.shift() ?? "") : run;
  const line = scripts[script];
  if (line === undefined) return `there is no script ${script}`;
  if (rest.length > 0 && rest.shift() !== "--") return `what is for ${script} stands behind --`;
  try {
    parserOf(script, line)(rest);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function parserOf(script: string, line: string): Parse {
  const [, main = "", command] = /node --import tsx (cli\/\S+\.ts)(?: (\w+))?$/.exec(line) ?? [];
  const file = join(ROOT, dirname(main), "options.ts");
  if (main !== "" && existsSync(file)) {
    const { parseOptions } = jest.requireActual<Options>(file);
    if (command !== undefined) return (args) => parseOptions([command, ...args]);
    if (main.startsWith("cli/backup-restore/") && dirname(main) === "cli/backup-restore") {
      return (args) => parseOptions(script, args, NOW);
    }
    return (args) => parseOptions(args);
  }
  return (args) => {
    const known = PLAIN[script] ?? [];
    const wrong = args.find((arg) => !known.includes(arg));
    if (wrong !== undefined)
      throw new Error(`npm run ${script} takes ${known.join(", ") || "nothing"}, got ${wrong}`);
  };
}

/** What scripts take that read their words themselves. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  compare: [...environments.map(({ name }) => name), "--all", "--json"],
  drill: ["database", "objects", "state", "dead-letters"],
  policies: ["--accept"],
};
