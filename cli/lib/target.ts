import { foundationName } from "../../stacks/foundation-stack";
import type { EnvironmentSettings } from "../../stacks/settings";
import { Refusal } from "@packages/cli-kit/refusal";
import { pullRequestOf } from "../../stacks/lib/pull-requests";
import { withPullRequest } from "../../stacks/pull-request-environment";
import { FOUNDATION_PREFIX } from "./environment";

/** A stack to plan or deploy. */
export interface Target {
  /** Name of the synthesized stack. */
  readonly stack: string;
  /** Name on the command line: `dev`, or `foundation-dev`. */
  readonly name: string;
  /** Settings of the environment; for a foundation, of the environment in its name. */
  readonly settings: EnvironmentSettings;
  readonly foundation: boolean;
}

/** The target of a name. Throws a Refusal that lists all names. */
export function targetOf(name: string, environments: readonly EnvironmentSettings[]): Target {
  const foundation = name.startsWith(FOUNDATION_PREFIX);
  const environment = foundation ? name.slice(FOUNDATION_PREFIX.length) : name;
  const pullRequest = pullRequestOf(environment);
  const all = withPullRequest(environments, foundation ? undefined : pullRequest);
  const settings = all.find((one) => one.name === environment);
  if (settings !== undefined) {
    return foundation
      ? { stack: foundationName(settings.account), name: name, settings, foundation }
      : { stack: `streamflow-${environment}`, name, settings, foundation };
  }
  if (pullRequest !== undefined && !foundation)
    throw new Refusal(
      `${environment} needs an environment to be made from: set pullRequests in one of stacks/environments.ts`,
    );
  const known = environments.map((one) => one.name).join(", ");
  throw new Refusal(`no environment is called "${environment}": stacks/environments.ts has ${known}`);
}
