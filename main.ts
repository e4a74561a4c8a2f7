import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { App } from "cdktf";
import { environments } from "./stacks/environments";
import { withPullRequest } from "./stacks/pull-request-environment";
import { checkEnvironments } from "./stacks/settings";
import { SettingsError } from "./stacks/lib/schema";
import { writeStacks } from "./stacks/write-stacks";

// CDKTF keeps a stack trace of every token, and tsx maps each to sources: a third of synth's CPU time.
process.setSourceMapsEnabled(false);
try {
  // `npm run deploy -- pr-123` sets the number.
  const all = withPullRequest(environments, Number(process.env.STREAMFLOW_PULL_REQUEST) || undefined);
  checkEnvironments(all);
  removeFormerStacks(writeStacks(all));
} catch (error) {
  process.setSourceMapsEnabled(true);
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  // refused; nothing was written
  process.exitCode = 2;
}

/** Removes stacks of earlier runs, which CDKTF leaves in its output folder. */
function removeFormerStacks({ outdir, manifest }: App): void {
  for (const name of readdirSync(join(outdir, "stacks"))) {
    if (!(name in manifest.stacks)) rmSync(join(outdir, "stacks", name), { recursive: true });
  }
}
