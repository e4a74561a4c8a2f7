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
import { trustStatement, type WebIdentity } from "./web-identities";
import { optional } from "../../lib/optional";

/** Two roles for pipelines without access keys: one to plan, one to apply after approval. */
export class DeliveryRoles extends Construct {
  readonly planRoleArn: string;
  readonly applyRoleArn: string;

  constructor(scope: Construct, id: string, props: DeliveryRolesProps) {
    super(scope, id);
    this.planRoleArn = this.planRole(props);
    this.applyRoleArn = this.applyRole(props);
  }

  private planRole(props: DeliveryRolesProps): string {
    const role = this.role("plan", props.identities);
    new IamRolePolicy(this, "plan-permissions", {
      name: "plan",
      role: role.name,
      policy: document([...lockAndReadState(props), ...planReads(props)]),
    });
    return role.arn;
  }

  private applyRole(props: DeliveryRolesProps): string {
    const limits = new IamPolicy(this, "boundary", {
      name: physicalName(this, "IAM policy", "boundary"),
      description: "The most that the apply role can do, whatever its policies say",
      policy: document(boundary(props)),
    });
    const role = this.role("apply", props.identities, limits.arn);
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

  private role(id: "plan" | "apply", identities: readonly WebIdentity[], boundaryArn?: string): IamRole {
    return new IamRole(this, id, {
      name: physicalName(this, "IAM role", id),
      maxSessionDuration: 3_600,
      ...optional({ permissionsBoundary: boundaryArn }),
      assumeRolePolicy: document(identities.map((identity) => trustStatement(identity, id))),
    });
  }
}
