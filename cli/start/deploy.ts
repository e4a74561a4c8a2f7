import { allEnded } from "@packages/cli-kit/settle-all";
import { type AwsClientConfig, clientConfig, emulatorEnvironment } from "@packages/embedded-aws/client";
import { differences } from "@packages/terraform/plan-differences";
import type { Emulator } from "@packages/embedded-aws/servers/emulator";
import type { Steps } from "@packages/cli-kit/progress";
import type { Foundation } from "../lib/foundation";
import { type DeployOptions, EMULATOR_PARALLELISM } from "./deploy-options";
import type { DeliveryRoles } from "./delivery-roles";
import { type FoundationHere, foundationOf } from "./foundation";
import { writeOverrides } from "./overrides";
import { parseState, textOutputs } from "@packages/terraform/state";
import { Settled } from "./verified-run";
import { type Counts, TerraformStack, type Planned } from "@packages/terraform/terraform-stack";
import { type StatePlace, unlockStates } from "./unlock-states";
import type { SynthesizedStack } from "../lib/synthesize";

export interface Deployment {
  /** What made the bucket of the stack's state. */
  readonly foundation: Foundation | undefined;
  /** The roles by which the stack was planned and applied, where a foundation makes them. */
  readonly deliveryRoles: DeliveryRoles | undefined;
  readonly stack: TerraformStack;
  readonly aws: AwsClientConfig;
  /** Terraform's outputs that are texts. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: number;
  /** Whether an earlier run brought it there, and Terraform was not asked yet. */
  readonly takenUp: boolean;
  /**
   * Proves by plans that nothing is left to do. False when there is something in what an earlier run applied: it does
   * nothing then, and `deploy` brings it there. Throws when Terraform fails, or when a plan after an apply is not empty.
   */
  prove(): Promise<boolean>;
}

const counted = ({ add, change, remove }: Counts) =>
  `${add} to add, ${change} to change, ${remove} to destroy`;

function region({ providers }: SynthesizedStack): string {
  return providers[0]?.at("region").text ?? "us-east-1";
}

/**
 * Brings the emulator to what was synthesized. What an earlier run brought there and proved is taken up as it is, and
 * Terraform is asked about it by `prove`. Throws when Terraform fails.
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { synthesized, emulator, run, steps } = options;
  const founded = foundationOf(options);
  const stack = await stackOf(options, founded?.roles);
  await unlockStates(statesOf(options, founded), awsOf(options));
  const settled = new Settled(run.path("settled"), [
    synthesized.folder,
    ...(founded ? [founded.folder] : []),
  ]);
  // A state in a file would outlive what the emulator holds. What can't be read is brought there again.
  const kept = founded && settled.known ? await stack.pullState().catch(() => "") : "";
  const known = settled.holds(kept);
  // Whatever fails before the proof, the next run asks Terraform first.
  settled.forget();
  const proof = known ? () => nothingLeft(options, stack, founded) : await bring(options, stack, founded);
  if (known) steps.line(`${synthesized.name}: as an earlier run applied it`);
  else await checkpoint(emulator);
  const state = parseState(known ? kept : await stack.pullState(), `the state of ${synthesized.name}`);
  return {
    foundation: founded?.foundation,
    deliveryRoles: founded?.roles,
    stack,
    aws: awsOf(options),
    takenUp: known,
    outputs: textOutputs(state),
    resources: state.resources,
    async prove() {
      if (!(await proof())) return false;
      if (founded?.roles) await checkDeliveryRoles(founded.roles, steps);
      await checkpoint(emulator);
      settled.note(await stack.pullState());
      return true;
    },
  };
}

/** Has the emulator save what it holds: nothing of it is lost then, however it ends. */
async function checkpoint({ endpoint }: Emulator): Promise<void> {
  const response = await fetch(`${endpoint}/moto-api/overlay/checkpoint`, { method: "POST" });
  // 409: it has no file to save to.
  if (response.ok || response.status === 409) return;
  throw new Error(`the emulator can't save what it holds: ${response.status} ${await response.text()}`);
}

const awsOf = ({ emulator, synthesized }: DeployOptions) =>
  clientConfig(emulator.endpoint, region(synthesized));

/** The stack as the pipeline works on it: planned by one role, and changed by the other. */
async function stackOf(options: DeployOptions, roles: DeliveryRoles | undefined): Promise<TerraformStack> {
  const { synthesized, emulator, toolchain, run } = options;
  writeOverrides(synthesized, run.path("terraform.tfstate"));
  const env =
    (await roles?.environmentOf("apply")) ?? emulatorEnvironment(emulator.endpoint, region(synthesized));
  return new TerraformStack(
    {
      toolchain,
      folder: synthesized.folder,
      env: { ...env, TF_DATA_DIR: run.path("terraform") },
      log: run.log("terraform"),
    },
    run.path("plan.tfplan"),
    { parallelism: EMULATOR_PARALLELISM, planEnv: (await roles?.environmentOf("plan")) ?? {} },
  );
}

/** Throws when AWS would have refused something that the pipeline's roles did. */
export async function checkDeliveryRoles({ permissions }: DeliveryRoles, steps: Steps): Promise<void> {
  await steps.run(
    "delivery roles",
    () => permissions.check(),
    (summary) => summary,
  );
}

function statesOf(
  { synthesized }: DeployOptions,
  founded: FoundationHere | undefined,
): readonly StatePlace[] {
  const backend = synthesized.s3Backend;
  return [...(backend ? [backend] : []), ...(founded ? [founded.state] : [])];
}

type Proof = () => Promise<boolean>;

/** Applies the foundation and the stack; returns what plans again whatever was applied. */
async function bring(
  options: DeployOptions,
  stack: TerraformStack,
  founded: FoundationHere | undefined,
): Promise<Proof> {
  const { steps } = options;
  const [bucket, usable] = [new Signal(), new Signal()];
  const foundation = founded ? applyFoundation(founded, { bucket, usable }) : Promise.resolve(false);
  const [settled, foundationApplied] = await allEnded([applyStack(), foundation]);
  return async () => {
    if (foundationApplied) await founded?.foundation.prove();
    if (!settled) await secondPlan(stack, steps);
    return true;
  };

  // The state bucket's lifecycle takes a minute more, in which no stack needs it.
  async function applyStack(): Promise<boolean> {
    await Promise.race([bucket.given, foundation]);
    const planned = await plan(options, stack);
    await Promise.race([usable.given, foundation]);
    if (planned.empty) return true;
    const outcome = ({ add, change, remove }: Counts) =>
      `${add} added, ${change} changed, ${remove} destroyed`;
    await steps.run("terraform apply", (status) => stack.apply(planned, status), outcome);
    return false;
  }
}

/** Resolves when it is given. */
class Signal {
  give = (): void => undefined;
  readonly given = new Promise<void>((resolve) => (this.give = resolve));
}

async function applyFoundation(
  founded: FoundationHere,
  { bucket, usable }: { readonly bucket: Signal; readonly usable: Signal },
): Promise<boolean> {
  return founded.foundation.apply({
    inBucket: await founded.inBucket(),
    onBucket: bucket.give,
    onUsable: usable.give,
  });
}

/** Whether plans find nothing to do in what an earlier run applied. */
async function nothingLeft(
  options: DeployOptions,
  stack: TerraformStack,
  founded: FoundationHere | undefined,
): Promise<boolean> {
  if (founded && !(await founded.foundation.plan({ inBucket: true })).empty) return false;
  return (await plan(options, stack)).empty;
}

async function plan({ steps }: DeployOptions, stack: TerraformStack): Promise<Planned> {
  await steps.run("terraform init", () => stack.init());
  const kept = await stack.keepInterrupted();
  if (kept.length > 0) steps.line(`interrupted the last time, kept: ${kept.join(", ")}`);
  return steps.run("terraform plan", (status) => stack.plan(status), counted);
}

async function secondPlan(stack: TerraformStack, steps: Steps): Promise<void> {
  await steps.run(
    "second plan",
    async (status) => {
      const { empty } = await stack.plan(status);
      if (empty) return;
      const lines = differences(await stack.readPlan()).map(
        ({ address, attribute }) => `${address}: ${attribute} would change again`,
      );
      throw new Error(`the plan after the apply is not empty:\n${lines.join("\n")}`);
    },
    () => "empty",
  );
}
