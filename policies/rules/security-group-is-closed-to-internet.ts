import { defineRule, each, type Fault } from "../rule";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import type { Value } from "@packages/terraform/value";

const RULE_TYPES = ["aws_vpc_security_group_ingress_rule", "aws_security_group_rule"];
const GROUP_TYPES = ["aws_security_group", "aws_default_security_group"];
const INTERNET_CIDRS = ["0.0.0.0/0", "::/0"];
const PUBLIC_PORTS = [80, 443];

export const securityGroupIsClosedToInternet = defineRule({
  id: "security-group-is-closed-to-internet",
  sentence: "Only a load balancer's security group admits the internet, on ports 80 and 443.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18",
  code: { "stacks/constructs/network/security-group.ts": ["connections"] },
  find: each([...RULE_TYPES, ...GROUP_TYPES], (resource, stack) => {
    if (GROUP_TYPES.includes(resource.type)) {
      return resource.at("ingress").list.flatMap((rule) => faultsOf(rule, resource, stack));
    }
    if (resource.type === "aws_security_group_rule" && resource.at("type").text !== "ingress") {
      return undefined;
    }
    const group = stack.meant("aws_security_group", resource.at("security_group_id").text);
    return faultsOf(resource, group, stack);
  }),
});

function faultsOf(rule: Value, group: Resource | undefined, stack: Stack): Fault[] {
  const ranges = ["cidr_ipv4", "cidr_ipv6", "cidr_blocks", "ipv6_cidr_blocks"].flatMap(
    (key) => rule.at(key).texts,
  );
  if (!ranges.some((range) => INTERNET_CIDRS.includes(range))) return [];
  const isBalancer = group !== undefined && stack.pointing("aws_lb", "security_groups", group).length > 0;
  const port = rule.at("from_port").number;
  if (isBalancer && PUBLIC_PORTS.includes(port) && rule.at("to_port").number === port) return [];
  return [
    {
      finding: "admits the whole internet",
      remedy:
        "admit a security group through connections of the client's SecurityGroup, or name a prefix list or a CIDR range",
    },
  ];
}
