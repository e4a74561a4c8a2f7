import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { document } from "../../lib/permissions";
import { physicalName } from "../../lib/names";
import {
  applyPermissions,
  boundary,
  type DeliveryRolesProps,
  lockAndReadState,
  writeState,
} from "./delivery-permissions";
import { planReads } from "./plan-reads";
import { optional } from "../../lib/optional";

/** Who signs the tokens of GitHub Actions. */
export const GITHUB_ISSUER = "token.actions.githubusercontent.com";

/**
 * The GitHub environment of pull requests that plan a protected environment. Whoever can push a branch can change what
 * its workflow does: without it, they would have the plan role, which reads the state and the variables of functions.
 * Jobs of main need no environment: its code was reviewed, and the nightly drift can't wait for an approval.
 */
export const planEnvironmentOf = (environment: string): string => `${environment}-plan`;

interface GitHubRole {
  /** ARN of GitHub's OpenID Connect provider. */
  readonly providerArn: string;
  /** Subjects of tokens that can assume the role. */
  readonly trusted: string[];
  readonly boundaryArn?: string;
}

/** Two roles for GitHub Actions without access keys: one to plan, one to apply after approval. */
export class DeliveryRoles extends Construct {
  readonly planRoleArn: string;
  readonly applyRoleArn: string;

  constructor(scope: Construct, id: string, props: DeliveryRolesProps) {
    super(scope, id);
    const proposed = props.protect ? `environment:${planEnvironmentOf(props.environment)}` : "pull_request";
    this.planRoleArn = this.planRole(props, [
      ...subjects(props, proposed),
      ...subjects(props, "ref:refs/heads/main"),
    ]);
    this.applyRoleArn = this.applyRole(props, subjects(props, `environment:${props.environment}`));
  }

  private planRole(props: DeliveryRolesProps, trusted: string[]): string {
    const role = this.role("plan", { providerArn: props.providerArn, trusted });
    new IamRolePolicy(this, "plan-permissions", {
      name: "plan",
      role: role.name,
      policy: document([...lockAndReadState(props), ...planReads(props)]),
    });
    return role.arn;
  }

  private applyRole(props: DeliveryRolesProps, trusted: string[]): string {
    const limits = new IamPolicy(this, "boundary", {
      name: physicalName(this, "IAM policy", "boundary"),
      description: "The most that the apply role can do, whatever its policies say",
      policy: document(boundary(props)),
    });
    const role = this.role("apply", { providerArn: props.providerArn, trusted, boundaryArn: limits.arn });
    const permissions = applyPermissions(props);
    this.attach(role, "apply", [...permissions.data, ...writeState(props)]);
    this.attach(role, "apply-edge", permissions.edge);
    this.attach(role, "apply-operations", permissions.operations);
    this.attach(role, "apply-roles", permissions.roles);
    return role.arn;
  }

  private attach(role: IamRole, id: string, statements: object[]): void {
    const policy = new IamPolicy(this, `${id}-permissions`, {
      name: physicalName(this, "IAM policy", id),
      description: "What deploying the environment takes",
      policy: document(statements),
    });
    new IamRolePolicyAttachment(this, `${id}-attachment`, { role: role.name, policyArn: policy.arn });
  }

  private role(id: string, { providerArn, trusted, boundaryArn }: GitHubRole): IamRole {
    return new IamRole(this, id, {
      name: physicalName(this, "IAM role", id),
      maxSessionDuration: 3_600,
      ...optional({ permissionsBoundary: boundaryArn }),
      assumeRolePolicy: document([
        {
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: providerArn },
          Condition: {
            StringEquals: {
              [`${GITHUB_ISSUER}:aud`]: "sts.amazonaws.com",
              [`${GITHUB_ISSUER}:sub`]: trusted,
            },
          },
        },
      ]),
    });
  }
}

/**
 * Subjects of a repository's tokens in a context: with names, and if the ids are known also with names and ids, as
 * GitHub uses for repositories created or renamed since 15 July 2026.
 * https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
function subjects({ repository, repositoryIds: ids }: DeliveryRolesProps, context: string): string[] {
  const byName = `repo:${repository}:${context}`;
  if (ids === undefined) return [byName];
  const [owner = "", name = ""] = repository.split("/");
  return [byName, `repo:${owner}@${ids.owner}/${name}@${ids.repository}:${context}`];
}
