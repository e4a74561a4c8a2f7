import { runCommand } from "@packages/cli-kit/command";
import { nearest } from "@packages/cli-kit/nearest";
import { commands } from "./commands";

/** What the scripts of package.json run: `cli/main.ts NAME ARGUMENT…`. */
async function main([name = "", ...args]: readonly string[]): Promise<void> {
  const load = commands[name];
  if (load !== undefined) return runCommand(await load(), args);
  const like = nearest(name, Object.keys(commands));
  const hint = like === undefined ? "" : ` (did you mean ${like}?)`;
  process.stderr.write(`there is no command "${name}"${hint}; npm run commands lists all\n`);
  process.exitCode = 2;
}

void main(process.argv.slice(2));
