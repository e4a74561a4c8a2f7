import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Route } from "@cdktf/provider-aws/lib/route";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Connection } from "../../lib/permissions";
import { subnetCidr } from "../../lib/cidr";
import { deployedPathIds } from "../../lib/names";
import { FlowLogs } from "./flow-logs";
import { NatGateways } from "./nat-gateways";
import { VpcEndpoints } from "./vpc-endpoints";
import type { LogSettings } from "../compute/settings";
import type { NetworkSettings } from "./settings";

export interface NetworkProps extends NetworkSettings {
  readonly region: string;
  readonly logs: LogSettings;
}

/** Index of each tier's first /20 in the VPC; four each, so that an additional zone renumbers nothing. */
const TIER_OFFSETS = { public: 0, private: 4, isolated: 8 } as const;

/** A VPC with public, private and isolated subnets per zone, closed by default. */
export class Network extends Construct {
  readonly vpcId: string;
  readonly publicSubnetIds: string[];
  readonly privateSubnetIds: string[];
  readonly isolatedSubnetIds: string[];
  /** For `dependsOn` of resources with public addresses: internet gateway and public route. */
  readonly internet: readonly ITerraformDependable[];
  /** Private subnets have internet access. */
  readonly hasNat: boolean;
  /** Connections to AWS from private subnets: endpoints, S3, and the internet if there is NAT. */
  readonly awsServices: Readonly<Record<string, Connection>>;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const vpc = new Vpc(this, "Default", {
      cidrBlock: props.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
    });
    this.vpcId = vpc.id;
    this.hasNat = props.nat !== "none";
    // Without rules, so that resources without an explicit security group can't connect.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: vpc.id });

    const isPublic = this.subnets("public", props);
    const isPrivate = this.subnets("private", props);
    const isolated = this.subnets("isolated", props);
    this.publicSubnetIds = isPublic.map((subnet) => subnet.id);
    this.privateSubnetIds = isPrivate.map((subnet) => subnet.id);
    this.isolatedSubnetIds = isolated.map((subnet) => subnet.id);

    this.internet = this.routeToInternet(isPublic);
    const privateTables = this.routeTables("private", isPrivate, props.zones);
    const isolatedTable = this.sharedTable("isolated", isolated);
    new NatGateways(this, "nat", {
      mode: props.nat,
      publicSubnets: isPublic,
      privateTables,
      internet: this.internet,
    });
    const endpoints = new VpcEndpoints(this, "endpoints", {
      network: this,
      region: props.region,
      services: props.endpoints,
      subnetIds: props.endpointZones === "one" ? this.privateSubnetIds.slice(0, 1) : this.privateSubnetIds,
      routeTableIds: [...privateTables, isolatedTable].map((table) => table.id),
    });
    const internet = { port: 443, protocol: "HTTPS", to: { cidr: "0.0.0.0/0" } };
    this.awsServices = this.hasNat ? { ...endpoints.connections, internet } : endpoints.connections;
    new FlowLogs(this, "flow-logs", { network: this, settings: props.flowLogs, logs: props.logs });
  }

  private subnets(tier: keyof typeof TIER_OFFSETS, { cidr, zones }: NetworkProps): Subnet[] {
    return zones.map(
      (zone, index) =>
        new Subnet(this, `${tier}-${zone.slice(-1)}`, {
          vpcId: this.vpcId,
          availabilityZone: zone,
          cidrBlock: subnetCidr(cidr, { bits: 4, index: TIER_OFFSETS[tier] + index }),
          tags: { Name: `${deployedPathIds(this).join("-")}-${tier}-${zone.slice(-1)}` },
        }),
    );
  }

  private routeToInternet(subnets: readonly Subnet[]): ITerraformDependable[] {
    const gateway = new InternetGateway(this, "internet", { vpcId: this.vpcId });
    const table = this.sharedTable("public", subnets);
    const route = new Route(this, "public-internet-route", {
      routeTableId: table.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.id,
    });
    return [gateway, route];
  }

  private sharedTable(tier: string, subnets: readonly Subnet[]): RouteTable {
    const table = new RouteTable(this, `${tier}-routes`, { vpcId: this.vpcId });
    subnets.forEach((subnet) => this.associate(subnet, table));
    return table;
  }

  private routeTables(tier: string, subnets: readonly Subnet[], zones: readonly string[]): RouteTable[] {
    return subnets.map((subnet, index) => {
      const table = new RouteTable(this, `${tier}-${zones[index]?.slice(-1)}-routes`, { vpcId: this.vpcId });
      this.associate(subnet, table);
      return table;
    });
  }

  private associate(subnet: Subnet, table: RouteTable): void {
    new RouteTableAssociation(this, `${subnet.node.id}-routes-association`, {
      subnetId: subnet.id,
      routeTableId: table.id,
    });
  }
}
