import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { localFolder, projectFolder } from "@packages/cli-kit/paths";
import { runSteps } from "./run-steps";
import { CHECK, LAYERS } from "./steps";
import { summaryOf } from "./summary";

const usage = `npm test, npm run check

Runs every check, also after one has failed, and ends with a summary that names each failure with its file.
npm run check leaves out the layers that need servers.
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { help: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const [kind = "all", ...rest] = positionals;
  if (!["all", "check"].includes(kind) || rest.length > 0) {
    throw new Error(`the argument must be all or check, got "${positionals.join(" ")}"`);
  }
  if (values.help) return void process.stdout.write(usage);
  const folder = join(localFolder, "check");
  mkdirSync(folder, { recursive: true });
  const options = {
    project: projectFolder,
    folder,
    write: (text: string) => void process.stdout.write(text),
  };
  const results = await runSteps(CHECK, { ...options, concurrency: 2 });
  if (kind === "all") results.push(...(await runSteps(LAYERS, { ...options, concurrency: 1 })));
  process.stdout.write(summaryOf(results));
  if (results.some(({ code }) => code !== 0)) process.exitCode = 1;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});
