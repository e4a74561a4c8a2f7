import { defineRule, each } from "../rule";
import { addressesIn } from "@packages/terraform/synthesized-stack";

/** AWS refuses a public address in a VPC without an internet gateway, and no reference orders the two. */
export const publicAddressDependsOnInternetGateway = defineRule({
  id: "public-address-depends-on-internet-gateway",
  sentence: "A resource with a public address is created after its VPC's internet gateway and route.",
  source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/internet_gateway",
  code: { "stacks/constructs/network/network.ts": ["internet"] },
  find: each(["aws_nat_gateway", "aws_eip", "aws_lb"], (resource, stack) => {
    if (resource.at("internal").isTrue || resource.at("connectivity_type").text === "private") {
      return undefined;
    }
    const before = resource.at("depends_on").texts;
    const gateways = stack.of("aws_internet_gateway").map(({ address }) => address);
    const routes = stack
      .of("aws_route")
      .filter((route) =>
        addressesIn(route.at("gateway_id").text).some((address) => gateways.includes(address)),
      )
      .map(({ address }) => address);
    return [gateways, routes].every((addresses) => addresses.some((address) => before.includes(address)))
      ? undefined
      : {
          finding: "does not depend on the internet gateway and its route",
          remedy: "add the resources of network.internet to dependsOn",
        };
  }),
});
