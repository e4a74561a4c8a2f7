import { join } from "node:path";
import { Testing } from "cdktf";
import { BaseStack, type BaseStackProps } from "../../stacks/base-stack";
import { FoundationStack } from "../../stacks/foundation-stack";
import type { EnvironmentSettings } from "../../stacks/settings";
import { StreamflowStack } from "../../stacks/streamflow-stack";
import { writeStacks } from "../../stacks/write-stacks";

/** JSON of a bare stack with the constructs that `build` adds. */
export function bareStack(build: (stack: BaseStack) => void, props: BaseStackProps): string {
  const stack = new BaseStack(Testing.app(), "streamflow-test", props);
  build(stack);
  return Testing.synth(stack);
}

export function environmentStack(settings: EnvironmentSettings): string {
  return Testing.synth(new StreamflowStack(Testing.app(), settings));
}

export function foundationStack(together: [EnvironmentSettings, ...EnvironmentSettings[]]): string {
  return Testing.synth(new FoundationStack(Testing.app(), together));
}

/** Writes stacks to a folder as `npm run synth` does; returns the folder of each stack. */
export function writeTo(outdir: string, all: readonly EnvironmentSettings[]): string[] {
  const { manifest } = writeStacks(all, outdir);
  return Object.keys(manifest.stacks).map((name) => join(outdir, "stacks", name));
}
