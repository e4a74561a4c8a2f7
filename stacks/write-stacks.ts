import { mkdirSync } from "node:fs";
import { App } from "cdktf";
import { byAccount, FoundationStack } from "./foundation-stack";
import type { EnvironmentSettings } from "./settings";
import { StreamflowStack } from "./streamflow-stack";

/** Writes the foundation of each account and the stack of each environment; returns the app. */
export function writeStacks(environments: readonly EnvironmentSettings[], outdir?: string): App {
  // CDKTF makes no folder above its own
  if (outdir !== undefined) mkdirSync(outdir, { recursive: true });
  const app = new App(outdir === undefined ? {} : { outdir });
  byAccount(environments).forEach((together) => new FoundationStack(app, together));
  environments.forEach((settings) => new StreamflowStack(app, settings));
  app.synth();
  return app;
}
