import type { TerraformToolchain } from "../../terraform/toolchain";
import { type AwsClientConfig, clientConfig, emulatorEnvironment } from "../aws";
import { knownGaps } from "../known-gaps";
import type { RunFolder } from "../run-folder";
import type { Emulator } from "../servers/emulator";
import type { Steps } from "../terminal/steps";
import { type Foundation, type FoundationHere, foundationOf } from "./foundation";
import { writeOverrides } from "./override";
import { readState } from "./resources";
import { Settled } from "./settled";
import { type Counts, DeployedStack, type Planned } from "./stack";
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
  /**
   * Proves by a plan that nothing is left to do; where it takes up what an earlier run applied, does what there is.
   * Throws when Terraform fails, or a plan after an apply is not empty but for the table of known gaps.
   */
  prove(): Promise<void>;
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
 * Brings the emulator to what was synthesized. What an earlier run brought there and proved is taken up as it is, and
 * Terraform is asked about it by `prove`. Throws when Terraform fails.
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { synthesized, emulator, run, steps } = options;
  const founded = foundationOf(options);
  const stack = stackOf(options);
  const settled = new Settled(run.path("settled"), [
    synthesized.folder,
    ...(founded ? [founded.folder] : []),
  ]);
  // What can't be read is brought there again.
  const kept = settled.holds() ? await stack.pullState().catch(() => "") : "";
  let rest: () => Promise<void>;
  if (kept === "") {
    settled.forget();
    rest = await bring(options, stack, founded);
    await checkpoint(emulator);
  } else {
    steps.line(`${synthesized.name}: as an earlier run applied it`);
    rest = async () => (await bring(options, stack, founded))();
  }
  return {
    foundation: founded?.foundation,
    stack,
    aws: awsOf(options),
    ...readState(kept === "" ? await stack.pullState() : kept),
    async prove() {
      await rest();
      await checkpoint(emulator);
      settled.note();
    },
  };
}

/** Has the emulator save what it holds: nothing of it is lost then, however it ends. */
async function checkpoint({ endpoint }: Emulator): Promise<void> {
  await fetch(`${endpoint}/moto-api/overlay/checkpoint`, { method: "POST" });
}

const awsOf = ({ emulator, synthesized }: DeployOptions) =>
  clientConfig(emulator.endpoint, region(synthesized));

function stackOf(options: DeployOptions): DeployedStack {
  const { synthesized, emulator, toolchain, run } = options;
  writeOverrides(synthesized, run.path("terraform.tfstate"));
  return new DeployedStack(
    {
      toolchain,
      folder: synthesized.folder,
      env: {
        ...emulatorEnvironment(emulator.endpoint, region(synthesized)),
        TF_DATA_DIR: run.path("terraform"),
      },
      log: run.log("terraform"),
    },
    run.path("plan.tfplan"),
  );
}

/** Applies the foundation and the stack; returns what plans again whatever was applied for the first time. */
async function bring(
  options: DeployOptions,
  stack: DeployedStack,
  founded: FoundationHere | undefined,
): Promise<() => Promise<void>> {
  const { steps } = options;
  const known = founded === undefined || (await founded.inBucket());
  let onBucket = (): void => undefined;
  const bucket = new Promise<void>((resolve) => (onBucket = resolve));
  const foundation = founded?.foundation.apply(known, { onBucket }) ?? Promise.resolve();
  // The state bucket's lifecycle takes a minute more, in which the stack can be planned.
  const [planned] = await Promise.all([
    Promise.race([bucket, foundation]).then(() => plan(options, stack)),
    foundation,
  ]);
  const settled = await isSettled(stack, planned);
  if (!settled) {
    const outcome = ({ add, change, remove }: Counts) =>
      `${add} added, ${change} changed, ${remove} destroyed`;
    await steps.run("terraform apply", (status) => stack.apply(planned, status), outcome);
  }
  return async () => {
    if (!known) await founded?.foundation.prove();
    if (!settled) await secondPlan(stack, steps);
  };
}

async function plan(options: DeployOptions, stack: DeployedStack): Promise<Planned> {
  const { synthesized, steps } = options;
  await unlockState(synthesized, awsOf(options));
  await steps.run("terraform init", () => stack.init());
  const kept = await stack.keepInterrupted();
  if (kept.length > 0) steps.line(`interrupted the last time, kept: ${kept.join(", ")}`);
  return steps.run("terraform plan", (status) => stack.plan(status), counted);
}

/** Whether there is nothing to do but what the emulator forgets each time. */
async function isSettled(stack: DeployedStack, planned: Planned): Promise<boolean> {
  return planned.add + planned.remove === 0 && (await gapsAfter(stack, planned)).fault === undefined;
}

/** An empty plan is read only where entries of the table could explain nothing any more. */
async function gapsAfter(stack: DeployedStack, { empty }: Planned): ReturnType<DeployedStack["gaps"]> {
  if (empty && knownGaps.length === 0) return { unknown: [], unneeded: [], explained: [], fault: undefined };
  return stack.gaps(knownGaps);
}

async function secondPlan(stack: DeployedStack, steps: Steps): Promise<void> {
  await steps.run(
    "second plan",
    async (status) => {
      const report = await gapsAfter(stack, await stack.plan(status));
      if (report.fault === undefined) return report;
      throw new Error(`the plan after the apply is not what it must be:\n${report.fault}`);
    },
    ({ explained }) =>
      explained.length === 0
        ? "empty"
        : `empty but for ${explained.length} attributes that the emulator forgets`,
  );
}
