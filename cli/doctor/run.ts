import { PassThrough } from "node:stream";
import type { CommandContext } from "@packages/cli-kit/command";
import { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";
import { environments } from "../../stacks/environments";
import { accessOf, guardAccount } from "../lib/account";
import { type Prepared, prepare } from "../lib/prepared-stack";
import { refuseWrongSettings } from "../lib/synthesize";
import { targetOf } from "../lib/target";
import { accountChecks } from "./account-checks";
import { environmentChecks, type Outputs } from "./environment-checks";
import { type Check, type Finding, findingsOf, isComplete, report } from "./finding";

export interface DoctorInput {
  readonly environment: string;
  readonly out: string;
}

/** Prints what the environment needs and has; returns 1 if something is missing. */
export async function runDoctor(
  { environment, out }: DoctorInput,
  { print }: CommandContext,
): Promise<0 | 1> {
  const target = targetOf(environment, environments);
  const access = accessOf(target.settings);
  const first = await findingsOf([
    {
      name: "settings",
      ask: () =>
        refuseWrongSettings().then(
          () => "stacks/environments.ts",
          (error: Error) => ({ missing: error.message, remedy: "correct stacks/environments.ts" }),
        ),
    },
    {
      name: "credentials",
      ask: () =>
        guardAccount(access, target.settings).then(
          (arn) => `${arn} in ${target.settings.account}`,
          (error: Error) => {
            if (!(error instanceof Refusal)) throw error;
            return { missing: error.message, remedy: `aws sso login --profile ${target.settings.profile}` };
          },
        ),
    },
  ]);
  const findings = isComplete(first) ? [...first, ...(await ask(await prepared()))] : first;
  report(findings, environment).forEach((line) => print(line));
  return isComplete(findings) ? 0 : 1;

  function prepared(): Promise<Prepared> {
    // the lines of the preparation are none of the report
    const steps = new Steps(new PassThrough());
    return prepare(target, { access, steps, out }).finally(() => steps.end());
  }
}

/** What the account and the environment need and have, by a stack that was prepared. */
export async function ask(prepared: Prepared): Promise<Finding[]> {
  const { target, access } = prepared;
  const account = await findingsOf([
    { name: "region", ask: () => Promise.resolve(target.settings.region) },
    ...accountChecks(target.settings, access.client),
  ]);
  const hasNoState = account.some(({ name, state }) => name === "state bucket" && state === "missing");
  const outputs = hasNoState ? {} : await outputsOf(prepared).catch((error: Error) => error);
  const checks: readonly Check[] =
    outputs instanceof Error
      ? [{ name: "stack", ask: () => Promise.reject(outputs) }]
      : environmentChecks(target.settings, access.client, outputs);
  return [...account, ...(await findingsOf(checks))];
}

/** The outputs of the stack's state; empty before it has one. */
async function outputsOf({ stack }: Prepared): Promise<Outputs> {
  await stack.init();
  return stack.outputs();
}
