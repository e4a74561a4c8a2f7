import type { CommandContext } from "@packages/cli-kit/command";
import { environments } from "../../stacks/environments";
import { destroyTarget, leftIn } from "../destroy/run";
import { GitHub, gitHubOptions } from "../github/client";
import { checkedAccess } from "../lib/account";
import { deployedPullRequests } from "../lib/pull-request-states";
import { targetOf } from "../lib/target";
import { reasonToDestroy } from "./reason";

export interface SweepInput {
  readonly dryRun: boolean;
  readonly out: string;
}

/** Destroys the environments of pull requests that have a reason; returns 1 if something is left. */
export async function runSweep(
  { dryRun, out }: SweepInput,
  { steps, print }: CommandContext,
): Promise<0 | 1> {
  const base = environments.find(({ pullRequests }) => pullRequests !== undefined);
  if (base?.pullRequests === undefined) {
    print("no environment in stacks/environments.ts has pullRequests");
    return 0;
  }
  const { expireAfterDays } = base.pullRequests;
  const github = new GitHub(gitHubOptions(process.env));
  const access = await checkedAccess(base, steps);
  const faults: string[] = [];
  const deployed = await deployedPullRequests(access.client, base.state);
  for (const one of deployed) {
    const { environment: name } = one;
    const reason = await reasonToDestroy(one, { github, expireAfterDays, now: new Date() });
    if (reason === undefined || dryRun) {
      print(`${name}: ${reason === undefined ? "stays" : `would be destroyed, ${reason}`}`);
      continue;
    }
    print(`${name}: ${reason}`);
    const target = targetOf(name, environments);
    const consent = { name, typed: name, unprotect: false, deleteBackups: true, ask: undefined };
    try {
      const left = await destroyTarget(target, { consent, out, steps });
      if (left.length > 0) faults.push(leftIn(target, left));
    } catch (error) {
      faults.push(`${name} was not destroyed: ${(error as Error).message}`);
    }
  }
  if (deployed.length === 0) print("no pull request has an environment");
  faults.forEach((fault) => print(fault));
  return faults.length === 0 ? 0 : 1;
}
