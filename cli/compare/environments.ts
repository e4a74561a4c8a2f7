import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { environments } from "../../stacks/environments";
import type { EnvironmentSettings } from "../../stacks/settings";
import { StreamflowStack } from "../../stacks/streamflow-stack";
import { compare, type Comparison } from "./compare";

/** Synthesizes and compares the stacks of two environments. */
export function compareEnvironments(one: string, other: string): Comparison {
  const outdir = mkdtempSync(join(tmpdir(), "streamflow-compare-"));
  try {
    return compare(settingsOf(one), settingsOf(other), (settings) => synth(settings, outdir));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function settingsOf(name: string): EnvironmentSettings {
  const settings = environments.find((one) => one.name === name);
  if (settings === undefined) throw new Error(`unknown environment ${name}`);
  return settings;
}

function synth(settings: EnvironmentSettings, outdir: string): object {
  const stack = new StreamflowStack(new App({ outdir }), settings);
  stack.prepareStack();
  return stack.toTerraform() as object;
}
