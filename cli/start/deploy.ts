import { allEnded } from "@packages/cli-kit/settle-all";
import { type AwsClientConfig, clientConfig, emulatorEnvironment } from "@packages/embedded-aws/client";
import { differences } from "@packages/terraform/plan-differences";
import type { Emulator } from "@packages/embedded-aws/servers/emulator";
import type { Steps } from "@packages/cli-kit/progress";
import type { Foundation } from "../lib/foundation";
import { printMigrations } from "../lib/migration-result";
import { type DeployOptions, EMULATOR_PARALLELISM } from "./deploy-options";
import type { DeliveryRoles } from "./delivery-roles";
import { type FoundationHere, foundationOf } from "./foundation";
import { createExistingResources } from "./existing-resources";
import { registerImage } from "./register-image";
import { createServiceLinkedRoles } from "../delivery/service-linked-roles";
import { writeOverrides } from "./overrides";
import { parseState, textOutputs } from "@packages/terraform/state";
import { Settled } from "./verified-run";
import { type Counts, TerraformStack, type Planned } from "@packages/terraform/terraform-stack";
import { type StatePlace, unlockStates } from "./unlock-states";
import type { SynthesizedStack } from "../lib/synthesize";

export interface Deployment {
  /** The foundation that created the stack's state bucket; undefined without one. */
  readonly foundation: Foundation | undefined;
  /** The roles by which the stack was planned and applied, where a foundation makes them. */
  readonly deliveryRoles: DeliveryRoles | undefined;
  readonly stack: TerraformStack;
  readonly aws: AwsClientConfig;
  /** Terraform's outputs of type string. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: number;
  /** An earlier run applied and verified it, and Terraform has not planned again yet. */
  readonly resumed: boolean;
  /** An apply of this run has run the migrations. */
  readonly migrated: boolean;
  /**
   * Verifies with plans that nothing is left to change. Returns false if what an earlier run applied differs now; call
   * `deploy` then. Throws if Terraform fails, or if a plan right after an apply is not empty.
   */
  verify(): Promise<boolean>;
}

const counted = ({ add, change, remove }: Counts) =>
  `${add} to add, ${change} to change, ${remove} to destroy`;

/** The region of the stack's provider. */
export function regionOf({ providers }: SynthesizedStack): string {
  return providers[0]?.at("region").text ?? "us-east-1";
}

/**
 * Deploys the synthesized stack to the emulator. If it is unchanged since the last verified run, nothing is applied,
 * and `verify` plans again. Throws if Terraform fails.
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
  // A state in a file would outlive the emulator's data. If the state can't be read, apply again.
  const kept = founded && settled.known ? await stack.pullState().catch(() => "") : "";
  const known = settled.holds(kept);
  // If this run fails before it verifies, the next run plans first.
  settled.forget();
  const { proof, migrated } = known
    ? { proof: () => isUnchanged(options, stack, founded), migrated: false }
    : await apply(options, stack, founded);
  const environment = synthesized.name.replace(/^streamflow-/, "");
  if (known) steps.line(`${environment}: unchanged since the last verified run`);
  else await checkpoint(emulator);
  const state = parseState(known ? kept : await stack.pullState(), `the state of ${synthesized.name}`);
  return {
    foundation: founded?.foundation,
    deliveryRoles: founded?.roles,
    stack,
    aws: awsOf(options),
    resumed: known,
    migrated,
    outputs: textOutputs(state),
    resources: state.resources,
    async verify() {
      if (!(await proof())) return false;
      if (founded?.roles) await checkDeliveryRoles(founded.roles, steps);
      await checkpoint(emulator);
      settled.note(await stack.pullState());
      return true;
    },
  };
}

/** Makes the emulator save its data to disk. Throws if it can't. */
async function checkpoint({ endpoint }: Emulator): Promise<void> {
  const response = await fetch(`${endpoint}/moto-api/overlay/checkpoint`, { method: "POST" });
  // 409: it has no file to save to.
  if (response.ok || response.status === 409) return;
  throw new Error(`the emulator can't save its data: ${response.status} ${await response.text()}`);
}

const awsOf = ({ emulator, synthesized }: DeployOptions) =>
  clientConfig(emulator.endpoint, regionOf(synthesized));

/** The stack as the pipeline works on it: planned by one role, and changed by the other. */
async function stackOf(options: DeployOptions, roles: DeliveryRoles | undefined): Promise<TerraformStack> {
  const { synthesized, emulator, toolchain, run } = options;
  writeOverrides(synthesized, run.path("terraform.tfstate"));
  const env =
    (await roles?.environmentOf("apply")) ?? emulatorEnvironment(emulator.endpoint, regionOf(synthesized));
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

interface Applied extends Pick<Deployment, "migrated"> {
  /** Verifies with second plans. */
  readonly proof: () => Promise<boolean>;
}

/** Applies the foundation and the stack. */
async function apply(
  options: DeployOptions,
  stack: TerraformStack,
  founded: FoundationHere | undefined,
): Promise<Applied> {
  const { steps, emulator, synthesized } = options;
  let migrated = false;
  await createExistingResources(emulator.endpoint, synthesized);
  // As `npm run deploy` does: an account lacks them, and the emulator refuses what needs them, like AWS.
  await createServiceLinkedRoles(awsOf(options), steps);
  const [plannable, usable] = [new Signal(), new Signal()];
  const foundation = founded ? applyFoundation(founded, { plannable, usable }) : Promise.resolve(false);
  const [settled, foundationApplied] = await allEnded([applyStack(), foundation]);
  const proof = async () => {
    if (foundationApplied) await founded?.foundation.verify();
    if (!settled) await secondPlan(stack, steps);
    return true;
  };
  return { proof, migrated };

  // The state bucket's lifecycle takes one minute more, and no stack needs it.
  async function applyStack(): Promise<boolean> {
    await Promise.race([plannable.given, foundation]);
    const planned = await plan(options, stack);
    await Promise.race([usable.given, foundation]);
    if (planned.empty) return true;
    await registerImage(awsOf(options), synthesized);
    const outcome = ({ add, change, remove }: Counts) =>
      `${add} added, ${change} changed, ${remove} destroyed`;
    const done = new Set<string>();
    const onDone = (address: string) => void done.add(address);
    await steps.run("terraform apply", (status) => stack.apply(planned, status, onDone), outcome);
    migrated = await printMigrations(stack, done, steps);
    return false;
  }
}

/** A promise that is resolved from outside. */
class Signal {
  give = (): void => undefined;
  readonly given = new Promise<void>((resolve) => (this.give = resolve));
}

async function applyFoundation(
  founded: FoundationHere,
  { plannable, usable }: { readonly plannable: Signal; readonly usable: Signal },
): Promise<boolean> {
  return founded.foundation.apply({
    inBucket: await founded.inBucket(),
    onPlannable: plannable.give,
    onUsable: usable.give,
  });
}

/** Whether plans of the foundation and the stack are empty. */
async function isUnchanged(
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
  if (kept.length > 0) steps.line(`interrupted in the last run, adopted: ${kept.join(", ")}`);
  return steps.run("terraform plan", (status) => stack.plan(status), counted);
}

async function secondPlan(stack: TerraformStack, steps: Steps): Promise<void> {
  await steps.run(
    "second plan",
    async (status) => {
      // `npm run deploy` does the same, so that npm run drift finds nothing.
      await stack.record(status);
      const { empty } = await stack.plan(status, "-refresh=false");
      if (empty) return;
      const lines = differences(await stack.readPlan()).map(
        ({ address, attribute }) => `${address}: ${attribute} would change again`,
      );
      throw new Error(`the plan after the apply is not empty:\n${lines.join("\n")}`);
    },
    () => "empty",
  );
}
