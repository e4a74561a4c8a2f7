import { parseArgs } from "node:util";
import { join } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";
import { buildConsole, STATIC_ASSETS, writeConsole } from "./build";

const usage = `npm run build:web -- [options]

Bundles the console into web/dist.

  --assets FOLDER  where its page finds scripts and styles below the public URL (${STATIC_ASSETS}, which CloudFront
                   takes from the static bucket; Amplify's own builds use console, and need no bucket)
  --help           this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      assets: { type: "string", default: STATIC_ASSETS },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  if (!/^[\w-]+(\/[\w-]+)*$/.test(values.assets))
    throw new Error(`--assets must be a path such as ${STATIC_ASSETS}, got "${values.assets}"`);
  const folder = join(projectFolder, "web/dist");
  for (const path of writeConsole(await buildConsole(values.assets), folder)) console.log(`web/dist/${path}`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
