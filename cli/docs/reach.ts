import { matrix } from "./matrix";
import { type Attributes, referencedName, type Stack } from "@packages/terraform/synthesized-stack";

/** An open TCP connection between two security groups, or a group and a peer outside the VPC. */
export interface Connection {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

/** Names of CIDR blocks. */
const CIDR_NAMES: Readonly<Record<string, string>> = { "0.0.0.0/0": "the internet" };

/**
 * Open connections by security group rules. Inside the VPC, the sender's egress and the receiver's ingress must both
 * allow them.
 */
export function connectionsOf(stack: Stack): Connection[] {
  const out = stack.attributesOf("aws_vpc_security_group_egress_rule").map(([, rule]) => rule);
  const into = stack.attributesOf("aws_vpc_security_group_ingress_rule").map(([, rule]) => rule);
  const inside = out.filter((rule) => groupOf(rule.referenced_security_group_id) !== undefined);
  const open = inside.filter((rule) => into.some((other) => matches(rule, other)));
  return [
    ...open.map((rule) =>
      connection(group(rule.security_group_id), group(rule.referenced_security_group_id), rule),
    ),
    ...out
      .filter((rule) => !inside.includes(rule))
      .map((rule) => connection(group(rule.security_group_id), peerOutside(rule), rule)),
    ...into
      .filter((rule) => groupOf(rule.referenced_security_group_id) === undefined)
      .map((rule) => connection(peerOutside(rule), group(rule.security_group_id), rule)),
  ].sort((one, other) => key(one).localeCompare(key(other)));
}

/** Names of rules between two groups that have no matching rule on the other side. */
export function unmatchedRules(stack: Stack): string[] {
  const out = stack.attributesOf("aws_vpc_security_group_egress_rule");
  const into = stack.attributesOf("aws_vpc_security_group_ingress_rule");
  const unmatched = (rules: typeof out, others: typeof out) =>
    rules.filter(
      ([, rule]) =>
        groupOf(rule.referenced_security_group_id) !== undefined &&
        !others.some(([, other]) => matches(rule, other)),
    );
  return [...unmatched(out, into), ...unmatched(into, out)].map(([name]) => name);
}

/** Markdown table of open TCP ports: senders are rows, receivers are columns. */
export function connectionTable(stack: Stack): string {
  const cells = connectionsOf(stack).map(({ from, to, port }) => ({ row: from, column: to, text: port }));
  return [`## ${stack.name}`, "", matrix("from ↓ to →", cells)].join("\n");
}

function matches(rule: Attributes, other: Attributes): boolean {
  return (
    groupOf(rule.referenced_security_group_id) === groupOf(other.security_group_id) &&
    groupOf(rule.security_group_id) === groupOf(other.referenced_security_group_id) &&
    rule.from_port === other.from_port &&
    rule.to_port === other.to_port
  );
}

const groupOf = (value: unknown): string | undefined => referencedName(value);
const group = (value: unknown): string => (groupOf(value) ?? "?").replace(/_security_group$/, "");
const key = ({ from, to, port }: Connection): string => `${from} ${to} ${port}`;

function connection(from: string, to: string, { from_port: port }: Attributes): Connection {
  return { from, to, port: String(port) };
}

function peerOutside({ cidr_ipv4: cidr, prefix_list_id: list }: Attributes): string {
  if (typeof cidr === "string") return CIDR_NAMES[cidr] ?? cidr;
  return typeof list === "string" && list.startsWith("pl-") ? "CloudFront" : "S3";
}
