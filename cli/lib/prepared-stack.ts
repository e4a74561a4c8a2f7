import { mkdirSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { STATE_OVERRIDE } from "./foundation";
import { type CloudExecution, TerraformStack } from "@packages/terraform/terraform-stack";
import { SYNTH_FOLDER, type SynthesizedStack, synthesize } from "./synthesize";
import { logFile } from "@packages/cli-kit/paths";
import type { Steps } from "@packages/cli-kit/progress";
import { terraformToolchain } from "./toolchain";
import type { Access } from "./account";
import { Refusal } from "@packages/cli-kit/refusal";
import { tokenEnvironment } from "./terraform-cloud";
import type { Target } from "./target";
import type { EnvironmentSettings } from "../../stacks/settings";

const DEFAULT_PARALLELISM = 10;
/** Milliseconds for an interrupted apply to finish its current resources; a database takes 15 minutes. */
export const INTERRUPTED_APPLY_GRACE_MS = 30 * 60_000;

/** A synthesized stack with Terraform and a folder for its plans. */
export interface Prepared {
  readonly target: Target;
  readonly access: Access;
  readonly synthesized: SynthesizedStack;
  readonly stack: TerraformStack;
  /** `out`/STACK: plan.tfplan, plan.json and the review. */
  readonly folder: string;
  /** Where Terraform runs, if the state is in Terraform Cloud. */
  readonly cloud: CloudExecution | undefined;
}

export interface PrepareOptions {
  readonly access: Access;
  readonly steps: Steps;
  /** Folder for the plans of every stack. */
  readonly out: string;
  /** File name of the plan, in the stack's folder below `out`. */
  readonly planName?: string;
  /**
   * Synthesizes the stack.
   * @default as `npm run synth` does
   */
  readonly synth?: () => Promise<SynthesizedStack>;
  /**
   * Terraform's concurrent operations.
   * @default Terraform's own: AWS throttles higher values
   */
  readonly parallelism?: number;
}

/** Synthesizes a target's stack, which checks the settings, and configures Terraform for it without terraform init. */
export async function prepare(
  target: Target,
  {
    access,
    steps,
    out,
    planName = "plan.tfplan",
    synth = () => synthesize(target.stack, SYNTH_FOLDER),
    parallelism = DEFAULT_PARALLELISM,
  }: PrepareOptions,
): Promise<Prepared> {
  const synthesized = await steps.run(
    "synth",
    synth,
    ({ name, sha256 }) => `${name}, cdk.tf.json has SHA-256 ${sha256.slice(0, 8)}…`,
  );
  refuseOverrides(synthesized.folder, target);
  const warning = target.foundation ? undefined : plainHttpWarning(target.settings);
  if (warning !== undefined) steps.line(warning);
  const folder = join(out, target.stack);
  // plans contain values of the state
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const cloud = cloudExecutionOf(target);
  const stack = new TerraformStack(
    {
      toolchain: await terraformToolchain(),
      folder: synthesized.folder,
      env: { ...access.env, ...tokenEnvironment(target.settings.state) },
      log: logFile(`delivery/${target.stack}`),
      grace: INTERRUPTED_APPLY_GRACE_MS,
    },
    join(folder, planName),
    { parallelism, cloud },
  );
  return { target, access, synthesized, stack, folder, cloud };
}

/** A person deploys the foundation with credentials of their own: Terraform Cloud's roles come from it. */
function cloudExecutionOf({ foundation, settings: { state } }: Target): CloudExecution | undefined {
  if (state.kind !== "terraform-cloud") return undefined;
  return foundation ? "local" : (state.execution ?? "remote");
}

/** One line if a protected environment has no certificate for its load balancer. */
export function plainHttpWarning({ name, protect, dns }: EnvironmentSettings): string | undefined {
  if (!protect || !("off" in dns)) return undefined;
  return `warning: ${name}.dns is off: CloudFront calls the load balancer over plain HTTP; set a zone or certificates`;
}

/** Throws a Refusal if an override file would change the deployed stack. */
function refuseOverrides(folder: string, { foundation }: Target): void {
  // the foundation's own override, which keeps its state local until its bucket exists
  const ours = foundation ? STATE_OVERRIDE : "";
  const found = readdirSync(folder).find((name) => /(^|_)override\.tf(\.json)?$/.test(name) && name !== ours);
  if (found === undefined) return;
  const file = relative(process.cwd(), join(folder, found));
  throw new Refusal(`${file} would change the deployed stack. Nothing was changed. Delete it and try again.`);
}
