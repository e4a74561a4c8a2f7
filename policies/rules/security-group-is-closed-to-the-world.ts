import { each, type Fault } from "../rule";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import type { Value } from "@packages/terraform/value";

const RULE_TYPES = "aws_vpc_security_group_ingress_rule,aws_security_group_rule";
const GROUP_TYPES = "aws_security_group,aws_default_security_group";
const WORLD_CIDRS = ["0.0.0.0/0", "::/0"];

/** Only a load balancer may be open to everybody, and only on 80 and 443. */
export const securityGroupIsClosedToTheWorld = each(`${RULE_TYPES},${GROUP_TYPES}`, (resource, stack) => {
  if (GROUP_TYPES.split(",").includes(resource.type)) {
    return resource.at("ingress").list.flatMap((rule) => faultOf(rule, resource, stack));
  }
  if (resource.type === "aws_security_group_rule" && resource.at("type").text !== "ingress") return undefined;
  return faultOf(resource, stack.meant("aws_security_group", resource.at("security_group_id").text), stack);
});

function faultOf(rule: Value, group: Resource | undefined, stack: Stack): Fault[] {
  const from = ["cidr_ipv4", "cidr_ipv6", "cidr_blocks", "ipv6_cidr_blocks"].flatMap(
    (key) => rule.at(key).texts,
  );
  if (!from.some((range) => WORLD_CIDRS.includes(range))) return [];
  const ofBalancer = group !== undefined && stack.pointing("aws_lb", "security_groups", group).length > 0;
  const port = rule.at("from_port").number;
  if (ofBalancer && [80, 443].includes(port) && rule.at("to_port").number === port) return [];
  return [
    {
      finding: "lets the whole internet in",
      remedy: "name a security group, a prefix list or a range; only load balancers' 80 and 443 may be open",
    },
  ];
}
