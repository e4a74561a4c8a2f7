import { type GitHub, GitHubError } from "./client";
import { PULL_REQUEST_APPROVAL, PULL_REQUESTS } from "../../stacks/lib/pull-requests";
import type { DeliveredEnvironment } from "./environments";

/** A person or team that approves jobs. */
export interface Reviewer {
  readonly type: "User" | "Team";
  /** GitHub's numeric id. */
  readonly id: number;
}

interface GitHubEnvironment {
  readonly deployment_branch_policy?: { readonly custom_branch_policies?: boolean } | null;
  readonly protection_rules?: readonly { readonly type: string; readonly reviewers?: readonly unknown[] }[];
}

interface Guard {
  /** Name of the GitHub environment. */
  readonly name: string;
  /** What it approves. */
  readonly guards: string;
  /** Named branches are not enough: its jobs run on the refs of pull requests, which are none. */
  readonly needsReviewers?: boolean;
}

/** GitHub environments of a protected environment or of pull requests, with what each approves. */
function guardsOf({ name, planEnvironment }: DeliveredEnvironment): Guard[] {
  if (name === PULL_REQUESTS)
    return [{ name: PULL_REQUEST_APPROVAL, guards: "deployments of pull requests", needsReviewers: true }];
  if (planEnvironment === undefined) return [];
  return [
    { name, guards: "deployments" },
    { name: planEnvironment, guards: "plans of pull requests" },
  ];
}

/**
 * Faults of the GitHub environments of protected environments, one line each. GitHub creates a missing environment at its
 * first job, without rules. A rule is a required reviewer or, where the plan of GitHub has no reviewers, named branches:
 * "protected branches" are all branches while none is protected.
 */
export async function protectionFaults(
  github: GitHub,
  environments: readonly DeliveredEnvironment[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, guards, needsReviewers = false } of environments.flatMap(guardsOf)) {
    const found = await environmentOf(github, name);
    const remedy = "npm run github:environments -- --create REVIEWERS";
    if (found === undefined) faults.push(`the GitHub environment ${name} does not exist: ${remedy}`);
    else if (!hasReviewer(found) && (needsReviewers || (await branchesOf(github, name, found)).length === 0))
      faults.push(
        `${guards} in the GitHub environment ${name} need no approval: add a reviewer, or ${remedy}`,
      );
  }
  return faults;
}

/** Whether a job in a GitHub environment waits for a person. */
export async function asksForApproval(github: GitHub, name: string): Promise<boolean> {
  const found = await environmentOf(github, name);
  return found !== undefined && hasReviewer(found);
}

function hasReviewer({ protection_rules: rules = [] }: GitHubEnvironment): boolean {
  return rules.some(({ type, reviewers = [] }) => type === "required_reviewers" && reviewers.length > 0);
}

/** Patterns of the branches that an environment is limited to; none if it is not, or only to protected branches. */
async function branchesOf(
  github: GitHub,
  name: string,
  { deployment_branch_policy: policy }: GitHubEnvironment,
): Promise<string[]> {
  if (policy?.custom_branch_policies !== true) return [];
  const { branch_policies: branches } = await github.send<{ branch_policies: { name: string }[] }>(
    "GET",
    branchesPath(name),
  );
  return branches.map((branch) => branch.name);
}

/** Creates or updates the GitHub environments of protected environments; returns their names. */
export async function createProtection(
  github: GitHub,
  environments: readonly DeliveredEnvironment[],
  reviewers: readonly Reviewer[],
): Promise<string[]> {
  const names: string[] = [];
  for (const { name, planEnvironment } of environments) {
    if (name === PULL_REQUESTS) {
      await github.send("PUT", pathOf(PULL_REQUEST_APPROVAL), { reviewers, deployment_branch_policy: null });
      names.push(PULL_REQUEST_APPROVAL);
    }
    if (planEnvironment === undefined) continue;
    const named = { protected_branches: false, custom_branch_policies: true };
    await github.send("PUT", pathOf(name), { reviewers, deployment_branch_policy: named });
    if (!(await branchesOf(github, name, { deployment_branch_policy: named })).includes(MAIN_BRANCH))
      await github.send("POST", branchesPath(name), { name: MAIN_BRANCH });
    // A pull request's ref is no branch: a branch policy would stop all of them.
    await github.send("PUT", pathOf(planEnvironment), { reviewers, deployment_branch_policy: null });
    names.push(name, planEnvironment);
  }
  return names;
}

async function environmentOf(github: GitHub, name: string): Promise<GitHubEnvironment | undefined> {
  try {
    return await github.send<GitHubEnvironment>("GET", pathOf(name));
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return undefined;
    throw error;
  }
}

/** The branch from which `deploy.yml` deploys. */
const MAIN_BRANCH = "main";

const pathOf = (name: string): string => `/environments/${name}`;
const branchesPath = (name: string): string => `${pathOf(name)}/deployment-branch-policies`;

/** Parses `user:1,team:2`; undefined if it has another form. */
export function readReviewers(text: string): readonly Reviewer[] | undefined {
  const reviewers = text.split(",").map((one) => /^(user|team):([1-9]\d{0,14})$/.exec(one));
  if (reviewers.length > MAX_REVIEWERS || reviewers.some((one) => one === null)) return undefined;
  return reviewers.map((one) => ({ type: one?.[1] === "user" ? "User" : "Team", id: Number(one?.[2]) }));
}

/** GitHub's maximum for one environment. */
const MAX_REVIEWERS = 6;
