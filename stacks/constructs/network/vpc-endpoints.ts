import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import type { Connection } from "../../lib/permissions";
import type { NetworkSettings } from "./settings";
import { SecurityGroup, type SecurityGroupProps } from "./security-group";

export interface VpcEndpointsProps {
  readonly network: SecurityGroupProps["network"];
  readonly region: string;
  readonly services: NetworkSettings["endpoints"];
  readonly subnetIds: readonly string[];
  /** Route tables for S3's gateway endpoint. */
  readonly routeTableIds: readonly string[];
}

/** VPC endpoints, so that traffic to AWS services stays in the VPC. */
export class VpcEndpoints extends Construct {
  readonly connections: Readonly<Record<string, Connection>>;

  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    const { network, region, services } = props;
    const s3 = new VpcEndpoint(this, "s3", {
      vpcId: network.vpcId,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: [...props.routeTableIds],
    });
    const toS3: Connection = { port: 443, protocol: "HTTPS", to: { prefixListId: s3.prefixListId } };
    if (services.length === 0) {
      this.connections = { s3: toS3 };
      return;
    }
    const group = new SecurityGroup(this, "security-group", {
      network,
      description: "Interface endpoints of AWS services",
    });
    for (const service of services) {
      new VpcEndpoint(this, service.replace(".", "-"), {
        vpcId: network.vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        securityGroupIds: [group.id],
        subnetIds: [...props.subnetIds],
      });
    }
    this.connections = {
      s3: toS3,
      endpoints: { port: 443, protocol: "HTTPS", to: { securityGroupId: group.id } },
    };
  }
}
