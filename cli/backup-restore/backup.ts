import { runCommand } from "./command";

/** `npm run backup`: see options.ts for what it can be told. */
void runCommand("backup", process.argv.slice(2));
