import { type GitHub, GitHubError } from "../github/client";
import type { DeployedPullRequest } from "../lib/pull-request-states";
import { PULL_REQUEST_LABEL } from "../../stacks/lib/pull-requests";

/** A pull request as GitHub's REST API returns it. */
interface PullRequest {
  readonly state: "open" | "closed";
  readonly labels: readonly { readonly name: string }[];
}

/** Days of 24 hours. */
const DAY_MS = 86_400_000;

export interface SweepRules {
  readonly github: Pick<GitHub, "send">;
  /** Days after its last deployment until an environment is destroyed. */
  readonly expireAfterDays: number;
  readonly now: Date;
}

/** Why an environment is destroyed; undefined if it stays. Throws if GitHub can't be asked. */
export async function reasonToDestroy(
  { pullRequest, deployed }: DeployedPullRequest,
  { github, expireAfterDays, now }: SweepRules,
): Promise<string | undefined> {
  const found = await pullRequestAt(github, pullRequest);
  if (found === undefined) return "there is no such pull request";
  if (found.state === "closed") return "the pull request is closed";
  if (!found.labels.some(({ name }) => name === PULL_REQUEST_LABEL))
    return `the pull request has no label ${PULL_REQUEST_LABEL}`;
  const expires = deployed.getTime() + expireAfterDays * DAY_MS;
  return now.getTime() < expires
    ? undefined
    : `deployed ${deployed.toISOString()}, and pullRequests.expireAfterDays is ${expireAfterDays}`;
}

async function pullRequestAt(
  github: Pick<GitHub, "send">,
  pullRequest: number,
): Promise<PullRequest | undefined> {
  try {
    return await github.send<PullRequest>("GET", `/pulls/${pullRequest}`);
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return undefined;
    throw error;
  }
}
