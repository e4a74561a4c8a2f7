import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
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

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "Default", {
      name: physicalName(this, "IAM role"),
      assumeRolePolicy: trustService(props.service),
    });
    this.arn = role.arn;
    this.name = role.name;
    if (props.permissions.length === 0) {
      this.resources = [role];
      return;
    }
    const permissions = new IamRolePolicy(this, "permissions", {
      name: "permissions",
      role: role.name,
      policy: policyOf(props.permissions),
    });
    this.resources = [role, permissions];
  }
}
