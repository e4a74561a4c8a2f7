import { existsSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../../commands";
import { ROOT, textOf } from "./markdown";

const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };

/** A placeholder in documents and workflows, and a value for it. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  TIME: "2026-11-24T08:00:00Z",
  SHA256: "a".repeat(64),
  FILE: "__tests__",
  DIGEST: "a".repeat(64),
  EMAIL: "you@example.com",
  NAME: "dev",
  "foundation-NAME": "foundation-dev",
  "user:YOUR_ID": "user:583231",
  $ENVIRONMENT: "dev",
  $PULL_REQUEST: "12",
  $SHA256: "a".repeat(64),
  $ACCEPT: "",
  $BEGAN: "2026-11-24T08:00:00Z",
};

/** Words that end a shell command. */
const OPERATORS = new Set([">", ">>", "|", "||", "&&", ";"]);

/** Scripts without a command definition: those of Jest take paths of tests, the others nothing. */
function scriptFault(script: string, paths: readonly string[]): string | undefined {
  if (paths.length === 0) return undefined;
  if (!scripts[script]?.startsWith("jest ")) return `npm run ${script} takes nothing here`;
  const missing = paths.find((path) => !existsSync(join(ROOT, path)));
  return missing === undefined ? undefined : `there is no test ${missing}`;
}

/** Why an npm command is wrong according to its definition; undefined if it is right. */
export async function npmFault(words: readonly string[]): Promise<string | undefined> {
  const end = words.findIndex((word) => OPERATORS.has(word));
  const [, run = "", ...rest] = words
    .slice(0, end < 0 ? words.length : end)
    .filter((word) => word !== "--silent" && word !== "…")
    .map((word) => PLACEHOLDERS[word] ?? word);
  if (run === "ci") return rest.length === 0 ? undefined : "npm ci takes nothing";
  const script = run === "run" ? (rest.shift() ?? "") : run;
  if (scripts[script] === undefined) return `there is no script ${script}`;
  if (rest.length > 0 && rest.shift() !== "--") return `what is for ${script} stands behind --`;
  const load = commands[script];
  if (load === undefined) return scriptFault(script, rest);
  try {
    if (rest.join(" ") !== "--help") (await load()).parse(rest);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
