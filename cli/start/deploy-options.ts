import type { Steps } from "@packages/cli-kit/progress";
import type { Emulator } from "@packages/embedded-aws/servers/emulator";
import type { TerraformToolchain } from "@packages/terraform/toolchain";
import type { SynthesizedStack } from "../lib/synthesize";
import type { RunFolder } from "./run-folder";

/** Terraform's parallelism for the emulator: an apply is mostly waiting by the provider, and waits overlap. */
export const EMULATOR_PARALLELISM = 40;

export interface DeployOptions {
  readonly synthesized: SynthesizedStack;
  readonly emulator: Emulator;
  readonly toolchain: TerraformToolchain;
  readonly run: Pick<RunFolder, "path" | "log" | "report">;
  readonly steps: Steps;
}
