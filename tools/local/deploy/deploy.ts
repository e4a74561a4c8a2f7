import type { TerraformToolchain } from "../../terraform/toolchain";
import { type AwsClientConfig, clientConfig, emulatorEnvironment } from "../aws";
import { knownGaps } from "../known-gaps";
import type { RunFolder } from "../run-folder";
import type { Emulator } from "../servers/emulator";
import type { Steps } from "../terminal/steps";
import { deployFoundation, type Foundation } from "./foundation";
import { writeOverrides } from "./override";
import { type Counts, DeployedStack } from "./stack";
import { unlockState } from "./state";
import type { SynthesizedStack } from "./synth";

export interface Deployment {
  /** What made the bucket of the stack's state. */
  readonly foundation: Foundation | undefined;
  readonly stack: DeployedStack;
  readonly aws: AwsClientConfig;
  /** Terraform's outputs that are texts. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: number;
}

export interface DeployOptions {
  readonly synthesized: SynthesizedStack;
  readonly emulator: Emulator;
  readonly toolchain: TerraformToolchain;
  readonly run: RunFolder;
  readonly steps: Steps;
}

const counted = ({ add, change, remove }: Counts) =>
  `${add} to add, ${change} to change, ${remove} to destroy`;

function region({ configuration }: SynthesizedStack): string {
  return configuration.provider.aws[0]?.region ?? "us-east-1";
}

/**
 * Brings the emulator to what was synthesized, and proves by a second plan that nothing is left to do.
 * Throws when Terraform fails, or the second plan is not empty but for the table of known gaps.
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { synthesized, emulator, toolchain, run, steps } = options;
  const aws = clientConfig(emulator.endpoint, region(synthesized));
  writeOverrides(synthesized, run.path("terraform.tfstate"));
  const foundation = await deployFoundation(options);
  await unlockState(synthesized, aws);
  const stack = new DeployedStack(
    {
      toolchain,
      folder: synthesized.folder,
      env: { ...emulatorEnvironment(emulator.endpoint, aws.region), TF_DATA_DIR: run.path("terraform") },
      log: run.log("terraform"),
    },
    run.path("plan.tfplan"),
  );
  await steps.run("terraform init", () => stack.init());
  const kept = await stack.keepInterrupted();
  if (kept.length > 0) steps.line(`interrupted the last time, kept: ${kept.join(", ")}`);
  const planned = await steps.run("terraform plan", (status) => stack.plan(status), counted);
  if (!(await isSettled(stack, planned))) {
    const outcome = ({ add, change, remove }: Counts) =>
      `${add} added, ${change} changed, ${remove} destroyed`;
    await steps.run("terraform apply", (status) => stack.apply(planned, status), outcome);
    await secondPlan(stack, steps);
  }
  const resources = (await stack.addresses()).length;
  const outputs = Object.entries(await stack.outputs()).filter(([, value]) => typeof value === "string");
  return {
    foundation,
    stack,
    aws,
    resources,
    outputs: Object.fromEntries(outputs) as Record<string, string>,
  };
}

/** Whether there is nothing to do but what the emulator forgets each time. */
async function isSettled(stack: DeployedStack, { add, remove }: Counts): Promise<boolean> {
  return add + remove === 0 && (await stack.gaps(knownGaps)).fault === undefined;
}

async function secondPlan(stack: DeployedStack, steps: Steps): Promise<void> {
  await steps.run(
    "second plan",
    async (status) => {
      await stack.plan(status);
      const report = await stack.gaps(knownGaps);
      if (report.fault === undefined) return report;
      throw new Error(`the plan after the apply is not what it must be:\n${report.fault}`);
    },
    ({ explained }) =>
      explained.length === 0
        ? "empty"
        : `empty but for ${explained.length} attributes that the emulator forgets`,
  );
}
