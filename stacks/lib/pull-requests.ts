/** GitHub's label of a pull request that has an environment of its own. */
export const PULL_REQUEST_LABEL = "preview";

/** The GitHub environment whose reviewers approve deployments of pull requests. */
export const PULL_REQUEST_APPROVAL = "pull-requests";

/** Matches the names of all environments of pull requests, in ARN patterns. No other environment's name has a hyphen. */
export const ANY_PULL_REQUEST = "pr-*";

/** What the foundation creates once for the environments of all pull requests is named after this. */
export const PULL_REQUESTS = "pr";

const NAME = /^pr-([1-9]\d{0,5})$/;

/** Name of a pull request's environment: `pr-123`. */
export const pullRequestName = (pullRequest: number): string => `pr-${pullRequest}`;

/** Number of the pull request to which an environment belongs; undefined for another environment. */
export function pullRequestOf(environment: string): number | undefined {
  const [, digits] = NAME.exec(environment) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Name by which the foundation calls an environment: all pull requests share one set of resources there. */
export function nameInFoundation(environment: string): string {
  return environment === ANY_PULL_REQUEST || pullRequestOf(environment) !== undefined
    ? PULL_REQUESTS
    : environment;
}
