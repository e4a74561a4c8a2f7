import { each } from "../rule";
import { addressesIn } from "@packages/terraform/synthesized-stack";

/** AWS refuses what has a public address while its VPC has no internet gateway: nothing else orders the two. */
export const publicAddressHasAWay = each("aws_nat_gateway,aws_eip,aws_lb", (resource, stack) => {
  if (resource.at("internal").isTrue || resource.at("connectivity_type").text === "private") return undefined;
  const before = resource.at("depends_on").texts;
  const gateways = stack.of("aws_internet_gateway").map(({ address }) => address);
  const routes = stack
    .of("aws_route")
    .filter((route) => addressesIn(route.at("gateway_id").text).some((address) => gateways.includes(address)))
    .map(({ address }) => address);
  return [gateways, routes].every((addresses) => addresses.some((address) => before.includes(address)))
    ? undefined
    : {
        finding: "may be made before the internet gateway or its route, and destroyed after them",
        remedy: "name both in depends_on (dependsOn: network.internet)",
      };
});
