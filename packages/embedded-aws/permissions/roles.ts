import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import type { AwsClientConfig } from "../client";
import { parsePolicy, type Statement } from "@packages/iam/document";
import type { Policies } from "@packages/iam/evaluate";

/** Cache lifetime of a role's policies in milliseconds; they may change during a run. */
const ROLE_CACHE_TTL_MS = 5_000;

/** Deployed policies of a role. */
export interface RolePolicies extends Pick<Policies, "boundary"> {
  readonly arn: string;
  readonly identityPolicies: readonly Statement[];
}

/** Reads policies of roles from IAM, with all references resolved by the apply. */
export class DeployedRoles {
  private readonly client: IAMClient;
  private readonly known = new Map<
    string,
    { readonly read: number; readonly policies: Promise<RolePolicies> }
  >();

  constructor(config: AwsClientConfig) {
    this.client = new IAMClient(config);
  }

  /** Policies of a role by ARN. Rejects if it does not exist. */
  of(arn: string): Promise<RolePolicies> {
    const known = this.known.get(arn);
    if (known && Date.now() - known.read < ROLE_CACHE_TTL_MS) return known.policies;
    const policies = this.read(arn);
    policies.catch(() => this.known.delete(arn));
    this.known.set(arn, { read: Date.now(), policies });
    return policies;
  }

  private async read(arn: string): Promise<RolePolicies> {
    const { client } = this;
    const RoleName = arn.split("/").at(-1) ?? "";
    const { Role } = await client.send(new GetRoleCommand({ RoleName }));
    const identityPolicies: Statement[] = [];
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client }, { RoleName })) {
      for (const PolicyName of PolicyNames) {
        const inline = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        // IAM returns URL-encoded documents.
        identityPolicies.push(...parsePolicy(PolicyName, decodeURIComponent(inline.PolicyDocument ?? "")));
      }
    }
    for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
      { client },
      { RoleName },
    )) {
      for (const { PolicyArn = "" } of AttachedPolicies)
        identityPolicies.push(...(await this.managed(PolicyArn)));
    }
    const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
    return {
      arn,
      identityPolicies,
      boundary: boundary === undefined ? undefined : await this.managed(boundary),
    };
  }

  private async managed(PolicyArn: string): Promise<Statement[]> {
    const { Policy } = await this.client.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await this.client.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
    );
    return parsePolicy(Policy?.PolicyName ?? PolicyArn, decodeURIComponent(PolicyVersion?.Document ?? ""));
  }
}
