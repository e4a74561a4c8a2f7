import { SecurityGroup as AwsSecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import type { Connection } from "../../lib/permissions";
import { deployedIds } from "../../lib/deployed-path";
import { physicalName } from "../../lib/names";

export interface SecurityGroupProps {
  readonly network: { readonly vpcId: string };
  readonly description: string;
  /** Allowed destinations by rule name. */
  readonly connections?: Readonly<Record<string, Connection>>;
}

/** A security group that allows only its connections; each connection adds rules on both sides. */
export class SecurityGroup extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, props: SecurityGroupProps) {
    super(scope, id);
    const group = new AwsSecurityGroup(this, "Default", {
      name: physicalName(this, "security group"),
      description: props.description,
      vpcId: props.network.vpcId,
    });
    this.id = group.id;
    for (const [name, connection] of Object.entries(props.connections ?? {})) this.connect(name, connection);
  }

  /** Adds a destination. */
  connect(name: string, { port, protocol, to }: Connection): void {
    const ports = { ipProtocol: "tcp", fromPort: port, toPort: port };
    new VpcSecurityGroupEgressRule(this, `to-${name}`, {
      ...ports,
      ...destination(to),
      securityGroupId: this.id,
      description: `${protocol} to ${name}`,
    });
    if (!("securityGroupId" in to)) return;
    new VpcSecurityGroupIngressRule(this, `into-${name}`, {
      ...ports,
      securityGroupId: to.securityGroupId,
      referencedSecurityGroupId: this.id,
      description: `${protocol} from ${deployedIds(this).at(-2) ?? this.node.id}`,
    });
  }
}

function destination(to: Connection["to"]): object {
  if ("securityGroupId" in to) return { referencedSecurityGroupId: to.securityGroupId };
  if ("prefixListId" in to) return { prefixListId: to.prefixListId };
  return { cidrIpv4: to.cidr };
}
