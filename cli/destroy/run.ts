import { join } from "node:path";
import type { CommandContext } from "@packages/cli-kit/command";
import type { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";
import { environments } from "../../stacks/environments";
import { pullRequestOf } from "../../stacks/lib/pull-requests";
import { withPullRequest } from "../../stacks/pull-request-environment";
import type { EnvironmentSettings } from "../../stacks/settings";
import { writeStacks } from "../../stacks/write-stacks";
import { checkedAccess } from "../lib/account";
import { prepare } from "../lib/prepared-stack";
import { withStackLock } from "../lib/stack-lock";
import { refuseWrongSettings, SynthesizedStack } from "../lib/synthesize";
import { type Target, targetOf } from "../lib/target";
import { type Consent, destroyEnvironment } from "./environment";
import { destroyFoundation } from "./foundation";

export interface DestroyInput {
  readonly target: string;
  /** The name, typed in advance. */
  readonly confirm: string | undefined;
  readonly unprotect: boolean;
  readonly deleteBackups: boolean;
  readonly out: string;
}

/** Destroys a stack after a person typed its name; returns 1 if something is left. Throws a Refusal without consent. */
export async function runDestroy(
  { target: name, confirm: typed, unprotect, deleteBackups, out }: DestroyInput,
  { steps, confirmation, print }: CommandContext,
): Promise<0 | 1> {
  const target = targetOf(name, environments);
  if (typed !== undefined && typed !== name)
    throw new Refusal(
      `--confirm ${typed} is not the name of what is destroyed, ${name}; nothing was changed`,
    );
  const consent: Consent = { name, typed, unprotect, deleteBackups, ask: confirmation.ask };
  const left = await destroyTarget(target, { consent, out, steps });
  print(left.length === 0 ? nextStep(target) : leftIn(target, left));
  return left.length === 0 ? 0 : 1;
}

export interface DestroyOptions {
  readonly consent: Consent;
  /** Folder for plans. */
  readonly out: string;
  readonly steps: Steps;
}

/** Destroys a stack under its lock, with credentials of its account; returns the ARNs that are left. */
export async function destroyTarget(
  target: Target,
  { consent, out, steps }: DestroyOptions,
): Promise<readonly string[]> {
  let left: readonly string[] = [];
  await withStackLock(target, async () => {
    const access = await checkedAccess(target.settings, steps);
    await refuseWrongSettings();
    const all = withPullRequest(environments, pullRequestOf(target.settings.name));
    const synth = () => Promise.resolve(synthesizeUnprotected(target, all, join(out, "synthesized")));
    const prepared = await prepare(target, { access, steps, out, synth });
    left = await (target.foundation
      ? destroyFoundation(prepared, consent, steps)
      : destroyEnvironment(prepared, consent, steps));
  });
  return left;
}

/** One line for each resource that is left. */
export const leftIn = ({ name }: Target, left: readonly string[]): string =>
  `left in AWS, with the tags of ${name}:\n${left.map((arn) => `  ${arn}`).join("\n")}`;

/** The stack as it is deployed before it is destroyed: with `protect: false`. A foundation protects for all its environments. */
export function synthesizeUnprotected(
  { stack, settings, foundation }: Target,
  all: readonly EnvironmentSettings[],
  folder: string,
): SynthesizedStack {
  const unprotected = all
    .filter(({ account }) => account === settings.account)
    .map((one) => (foundation || one.name === settings.name ? { ...one, protect: false } : one));
  const { outdir } = writeStacks(unprotected, folder);
  return new SynthesizedStack(stack, join(outdir, "stacks", stack));
}

function nextStep({ foundation, name, settings }: Target): string {
  if (foundation)
    return `${name} is destroyed: nothing of StreamFlow is left in the account ${settings.account}`;
  if (pullRequestOf(settings.name) !== undefined) return `${name} is destroyed`;
  return [
    `${name} is destroyed. Next:`,
    `- delete it from stacks/environments.ts, then npm run policies -- --accept and npm run docs`,
    `- npm run deploy -- foundation-OTHER if its account has another environment; else, before you delete it: ` +
      `npm run destroy -- foundation-${name}`,
  ].join("\n");
}
