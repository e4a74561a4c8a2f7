import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { type ITerraformDependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import { type Permission, policyOf, trustService } from "../../lib/permissions";
import { physicalName } from "../../lib/names";

export interface ServiceRoleProps {
  /** The AWS service that assumes the role, such as `lambda.amazonaws.com`. */
  readonly service: string;
  readonly permissions: readonly Permission[];
}

/** A role that one AWS service assumes, with exactly the permissions that are listed. */
export class ServiceRole extends Construct {
  readonly arn: string;
  readonly name: string;
  /** For `dependsOn` of what acts by the role: its permissions are another resource. */
  readonly resources: ITerraformDependable[];
  private readonly permissions: Permission[];

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "Default", {
      name: physicalName(this, "IAM role"),
      assumeRolePolicy: trustService(props.service),
    });
    this.arn = role.arn;
    this.name = role.name;
    this.permissions = [...props.permissions];
    if (this.permissions.length === 0) {
      this.resources = [role];
      return;
    }
    const permissions = new IamRolePolicy(this, "permissions", {
      name: "permissions",
      role: role.name,
      policy: Lazy.stringValue({ produce: () => policyOf(this.permissions) }),
    });
    this.resources = [role, permissions];
  }

  /** Adds a permission. Throws for a role that was made with none: nothing would wait for its policy. */
  grant(permission: Permission): void {
    if (this.permissions.length === 0) throw new Error(`${this.node.path} was made without permissions`);
    this.permissions.push(permission);
  }
}
