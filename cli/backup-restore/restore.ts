import { runCommand } from "./command";

/** `npm run restore`: see options.ts for what it can be told. */
void runCommand("restore", process.argv.slice(2));
