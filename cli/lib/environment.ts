import { flag, matching, option, choice, path, type ValueType } from "@packages/cli-kit/values";
import { environments } from "../../stacks/environments";
import { pullRequestOf } from "../../stacks/lib/pull-requests";

/** Prefix of an environment's name that selects its account's foundation. */
export const FOUNDATION_PREFIX = "foundation-";

export const environmentNames: readonly string[] = environments.map(({ name }) => name);

/** The name of an environment in stacks/environments.ts. */
export const environmentName: ValueType<string> = choice("ENVIRONMENT", environmentNames);

/** As `environmentName`, or the environment of a pull request: `pr-123`. */
export const anyEnvironmentName: ValueType<string> = orPullRequest(environmentName);

/** The name of an environment in stacks/environments.ts, or of its account's foundation: `foundation-dev`. */
export const permanentTargetName: ValueType<string> = choice("ENVIRONMENT", [
  ...environmentNames,
  ...environmentNames.map((name) => `${FOUNDATION_PREFIX}${name}`),
]);

/** As `permanentTargetName`, or the environment of a pull request: `pr-123`. */
export const targetName: ValueType<string> = orPullRequest(permanentTargetName);

function orPullRequest({ allowed, read, ...type }: ValueType<string>): ValueType<string> {
  return {
    ...type,
    allowed: `${allowed}, or a pull request such as pr-123`,
    read: (name) => (pullRequestOf(name) === undefined ? read(name) : name),
  };
}

/** Name of the foundation that has what an environment needs. Pull requests use that of the environment they are made from. */
export function foundationTargetOf(environment: string): string {
  const base = environments.find(({ pullRequests }) => pullRequests !== undefined)?.name;
  const owner = pullRequestOf(environment) === undefined ? environment : base;
  return `${FOUNDATION_PREFIX}${owner ?? environment}`;
}

/** Options shared by several commands. */
export const yes = flag("do not ask for confirmation");
export const dryRun = flag("show what would change, and change nothing");
export const accept = option(
  matching("DIGEST", /^[0-9a-f]{8,64}$/, "the first 8 to 64 hexadecimal digits of a digest"),
  "apply a plan that the review blocks: the first 8 or more digits of its digest",
);

/** Option for the folder of plans and reports, one subfolder per stack. */
export const outFolder = (folder: string) =>
  option(path("FOLDER"), "write plans and reports to FOLDER/STACK", { default: folder });
