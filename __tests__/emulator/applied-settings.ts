import { join } from "node:path";
import { deploy, type Deployment } from "../../cli/start/deploy";
import type { RunFolder } from "../../cli/start/run-folder";
import { SynthesizedStack } from "../../cli/lib/synthesize";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { Steps } from "../../packages/cli-kit/progress";
import type { EnvironmentSettings } from "../../stacks/settings";
import { synthTo } from "../support/synth";
import type { RunningAws } from "./running-aws";

/** Where settings are applied. */
export interface Place {
  /** Folder of what is synthesized. */
  readonly folder: string;
  readonly aws: RunningAws;
  readonly run: RunFolder;
  readonly steps: Steps;
}

/** Synthesizes an environment into a folder of the place with that name, with the foundation of its account. */
export function synthesizedIn(
  { folder }: Place,
  name: string,
  settings: EnvironmentSettings,
): SynthesizedStack {
  const stack = `streamflow-${settings.name}`;
  const path = synthTo(join(folder, name), [settings]).find((one) => one.endsWith(stack)) ?? "";
  return new SynthesizedStack(stack, path);
}

/** Applies a stack to what runs. Throws unless a second plan is empty. */
export async function applied(place: Place, synthesized: SynthesizedStack): Promise<Deployment> {
  const { run, steps } = place;
  const { emulator } = place.aws;
  const toolchain = await terraformToolchain();
  const deployment = await deploy({ synthesized, emulator, toolchain, run, steps });
  if (!(await deployment.verify())) throw new Error(`${synthesized.name} differs from an earlier run`);
  return deployment;
}
