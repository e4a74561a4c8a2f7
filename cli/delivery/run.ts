import type { CommandContext } from "@packages/cli-kit/command";
import type { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";
import { pullRequestOf } from "../../stacks/lib/pull-requests";
import { imageTag } from "../../stacks/constructs/compute/processor-image";
import { environments } from "../../stacks/environments";
import { environmentNames } from "../lib/environment";
import { checkIdentityCenter } from "../lib/identity-center";
import { report } from "../doctor/finding";
import { ask } from "../doctor/run";
import { hasImage } from "../image/run";
import { onStack } from "../lib/on-stack";
import type { Prepared } from "../lib/prepared-stack";
import { deployedPullRequests } from "../lib/pull-request-states";
import { deploy } from "./deploy";
import { diff } from "./diff";
import { drift } from "./drift";
import { deployFoundation, initialize } from "./foundation";
import { plan, summary } from "./plan";
import { watch, type WatchedOptions } from "./watched";

export interface TargetInput {
  /** An environment, or the foundation of its account. */
  readonly target: string;
  /** Folder for plans and reviews. */
  readonly out: string;
}

export interface DeployInput extends TargetInput {
  readonly accept: string | undefined;
  /** The reviewed plan file, and its SHA-256 in hexadecimal. */
  readonly plan: string | undefined;
  readonly sha256: string | undefined;
  readonly apiUrl: string | undefined;
}

export async function runPlan({ target, out }: TargetInput, { steps }: CommandContext): Promise<void> {
  await onStack(target, { steps, out, planName: "plan.tfplan" }, async (prepared) => {
    await checkPrerequisites(prepared, steps);
    await initialize(prepared, steps);
    steps.line(summary(prepared, await plan(prepared, steps)));
  });
}

export async function runDeploy(input: DeployInput, { steps, confirmation }: CommandContext): Promise<void> {
  const { target: name, out, accept, plan: file, sha256, apiUrl } = input;
  const reviewed = file === undefined || sha256 === undefined ? undefined : { plan: file, sha256 };
  const options = { ...confirmation, accept, reviewed, apiUrl };
  await onStack(name, { steps, out, planName: "plan.tfplan" }, async (prepared) => {
    await checkPrerequisites(prepared, steps);
    if (!prepared.target.foundation) await checkImage(prepared);
    await checkPullRequests(prepared);
    if (prepared.target.foundation) return deployFoundation(prepared, options, steps);
    await deploy(prepared, options, steps);
    report(await ask(prepared), prepared.target.name).forEach((line) => steps.line(line));
  });
}

export async function runDiff(
  names: readonly string[],
  out: string,
  { steps }: CommandContext,
): Promise<void> {
  for (const name of names.length > 0 ? names : environmentNames) {
    await onStack(name, { steps, out, planName: "diff.tfplan" }, (prepared) => diff(prepared, steps));
  }
}

export async function runDrift({ target, out }: TargetInput, { steps }: CommandContext): Promise<void> {
  await onStack(target, { steps, out, planName: "drift.tfplan" }, (prepared) => drift(prepared, steps));
}

export async function runWatch(
  name: string,
  { out, ...options }: WatchedOptions & { readonly out: string },
  { steps }: CommandContext,
): Promise<void> {
  await onStack(name, { steps, out, planName: "watch.tfplan" }, (prepared) =>
    watch(prepared, options, steps),
  );
}

/** What AWS does not check before it creates the environment's resources. */
async function checkPrerequisites({ target, access }: Prepared, steps: Steps): Promise<void> {
  if (!target.foundation) await checkIdentityCenter(access.client, target.settings, steps);
}

/** Throws a Refusal if the registry lacks the image: the service's tasks could not start. */
async function checkImage({ target, access }: Prepared): Promise<void> {
  const { name } = target.settings;
  const tag = imageTag();
  if (await hasImage(access.client, name, tag)) return;
  throw new Refusal(
    `the registry has no image ${tag} of the processor; nothing was changed. Run npm run image -- ${name} first`,
  );
}

/** Throws a Refusal if one more environment of a pull request would exceed the number in the settings. */
async function checkPullRequests({ target, access }: Prepared): Promise<void> {
  if (pullRequestOf(target.settings.name) === undefined) return;
  const base = environments.find(({ pullRequests }) => pullRequests !== undefined);
  const most = base?.pullRequests?.most ?? 0;
  const deployed = (await deployedPullRequests(access.client, target.settings.state)).map(
    ({ environment }) => environment,
  );
  if (deployed.includes(target.name) || deployed.length < most) return;
  throw new Refusal(
    `${target.name} would be one more than pullRequests.most of ${base?.name}, ${most}: ${deployed.join(", ")} exist; ` +
      "nothing was changed. Close one of these pull requests, or run npm run destroy -- NAME",
  );
}
