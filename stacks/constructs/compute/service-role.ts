import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { type ITerraformDependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import { type Permission, policyOf, trustService } from "../../lib/permissions";
import { physicalName } from "../../lib/names";

export interface ServiceRoleProps {
  /** Service principal, such as `lambda.amazonaws.com`. */
  readonly service: string;
  readonly permissions: readonly Permission[];
  /**
   * Conditions under which the service may assume it.
   * @default none
   */
  readonly trustConditions?: Permission["conditions"];
}

/** A role of one AWS service with exactly the listed permissions. */
export class ServiceRole extends Construct {
  readonly arn: string;
  readonly name: string;
  /** For `dependsOn` of resources that use the role; its policy is a separate resource. */
  readonly resources: ITerraformDependable[];
  private readonly permissions: Permission[];

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "Default", {
      name: physicalName(this, "IAM role"),
      assumeRolePolicy: trustService(props.service, props.trustConditions),
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

  /**
   * Adds a permission. Throws if the role was created without permissions, because nothing depends on its policy then.
   */
  grant(permission: Permission): void {
    if (this.permissions.length === 0) throw new Error(`${this.node.path} was created without permissions`);
    this.permissions.push(permission);
  }
}
