import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import type { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import type { Subnet } from "@cdktf/provider-aws/lib/subnet";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { NetworkSettings } from "./settings";

export interface NatGatewaysProps {
  readonly mode: NetworkSettings["nat"];
  /** One subnet per zone, in the order of `privateTables`. */
  readonly publicSubnets: readonly Subnet[];
  readonly privateTables: readonly RouteTable[];
  /** Resources that NAT gateways and public addresses depend on. */
  readonly internet: readonly ITerraformDependable[];
}

/** NAT gateways for private subnets. With `one`, losing its zone disconnects the others. */
export class NatGateways extends Construct {
  constructor(scope: Construct, id: string, props: NatGatewaysProps) {
    super(scope, id);
    const { mode, publicSubnets, privateTables } = props;
    if (mode === "none") return;
    const homes = mode === "one" ? publicSubnets.slice(0, 1) : publicSubnets;
    const gateways = homes.map((subnet) => this.gateway(subnet, props.internet));
    privateTables.forEach((table, index) => {
      const gateway = gateways[index] ?? gateways[0];
      if (gateway === undefined) return;
      new Route(this, `${table.node.id}-internet`, {
        routeTableId: table.id,
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: gateway.id,
      });
    });
  }

  private gateway(subnet: Subnet, internet: readonly ITerraformDependable[]): NatGateway {
    const zone = subnet.node.id.slice(-1);
    const address = new Eip(this, `${zone}-address`, { domain: "vpc", dependsOn: [...internet] });
    return new NatGateway(this, zone, {
      allocationId: address.id,
      subnetId: subnet.id,
      dependsOn: [...internet],
    });
  }
}
