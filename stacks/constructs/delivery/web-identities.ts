import { PULL_REQUEST_APPROVAL } from "../../lib/pull-requests";
import type { RepositoryIds } from "./settings";

/** Who signs the tokens of GitHub Actions. */
export const GITHUB_ISSUER = "token.actions.githubusercontent.com";

/** Terraform Cloud's host name, and its audience for AWS. */
export const TERRAFORM_CLOUD_HOST = "app.terraform.io";
export const TERRAFORM_CLOUD_AUDIENCE = "aws.workload.identity";

/** Project of a workspace that was created without one. */
export const TERRAFORM_CLOUD_PROJECT = "Default Project";

/** Tokens of an OpenID Connect provider that can assume the roles of an environment. */
export interface WebIdentity {
  /** Host name of the issuer; the provider in IAM has the same name. */
  readonly issuer: string;
  readonly providerArn: string;
  readonly audience: string;
  /** Subjects that can assume each role. */
  readonly subjects: { readonly plan: readonly string[]; readonly apply: readonly string[] };
}

export interface GitHubOptions {
  readonly environment: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly repositoryIds?: RepositoryIds | undefined;
  readonly providerArn: string;
  /** Pull requests plan the environment only after an approval. */
  readonly protect: boolean;
}

/**
 * The GitHub environment of pull requests that plan a protected environment. Whoever can push a branch can change what
 * its workflow does: without it, they would have the plan role, which reads the state and the variables of functions.
 * Jobs of main need no environment: its code was reviewed, and the nightly drift can't wait for an approval.
 */
export const planEnvironmentOf = (environment: string): string => `${environment}-plan`;

/** Jobs of GitHub Actions: pull requests and `main` plan, the GitHub environment applies. */
export function gitHubIdentity(options: GitHubOptions): WebIdentity {
  const { environment, protect, providerArn } = options;
  const proposed = protect ? `environment:${planEnvironmentOf(environment)}` : "pull_request";
  return {
    issuer: GITHUB_ISSUER,
    providerArn,
    audience: "sts.amazonaws.com",
    subjects: {
      plan: [...subjectsOf(options, proposed), ...subjectsOf(options, "ref:refs/heads/main")],
      apply: subjectsOf(options, `environment:${environment}`),
    },
  };
}

/**
 * Jobs for environments of pull requests. Whoever can push a branch plans them. A job that changes them waits for the
 * reviewers of one GitHub environment, or runs the code of main, which destroys what is left. Forks get no tokens, and
 * theirs would name their own repository.
 */
export function pullRequestsIdentity(
  options: Pick<GitHubOptions, "repository" | "repositoryIds" | "providerArn">,
): WebIdentity {
  const main = subjectsOf(options, "ref:refs/heads/main");
  return {
    issuer: GITHUB_ISSUER,
    providerArn: options.providerArn,
    audience: "sts.amazonaws.com",
    subjects: {
      plan: [...subjectsOf(options, "pull_request"), ...main],
      apply: [...subjectsOf(options, `environment:${PULL_REQUEST_APPROVAL}`), ...main],
    },
  };
}

/**
 * Subjects of a repository's tokens in a context: with names, and if the ids are known also with names and ids, as
 * GitHub uses for repositories created or renamed since 15 July 2026.
 * https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
function subjectsOf(
  { repository, repositoryIds: ids }: Pick<GitHubOptions, "repository" | "repositoryIds">,
  context: string,
): string[] {
  const byName = `repo:${repository}:${context}`;
  if (ids === undefined) return [byName];
  const [owner = "", name = ""] = repository.split("/");
  return [byName, `repo:${owner}@${ids.owner}/${name}@${ids.repository}:${context}`];
}

export interface TerraformCloudOptions {
  readonly hostname: string;
  readonly organization: string;
  readonly project: string;
  /** Workspace of the environment's stack. */
  readonly workspace: string;
  readonly providerArn: string;
}

/**
 * Runs of a workspace in Terraform Cloud: the plan phase has the plan role, the apply phase the apply role.
 * https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
 */
export function terraformCloudIdentity(options: TerraformCloudOptions): WebIdentity {
  const { hostname, organization, project, workspace, providerArn } = options;
  const run = `organization:${organization}:project:${project}:workspace:${workspace}:run_phase`;
  return {
    issuer: hostname,
    providerArn,
    audience: TERRAFORM_CLOUD_AUDIENCE,
    subjects: { plan: [`${run}:plan`], apply: [`${run}:apply`] },
  };
}

/** The statement of a role's trust policy for these tokens. */
export function trustStatement(identity: WebIdentity, role: "plan" | "apply"): object {
  const { issuer, providerArn, audience, subjects } = identity;
  return {
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: providerArn },
    Condition: { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: [...subjects[role]] } },
  };
}
