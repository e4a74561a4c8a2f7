import { matrix } from "./matrix";
import { type Attributes, referencedName, type Stack } from "@packages/terraform/synthesized-stack";

/** From whom to whom a connection is open, and on which port. */
export interface Reach {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

/** AWS prefix lists that stand for somebody, by how their id begins. */
const OUTSIDE: Readonly<Record<string, string>> = { "0.0.0.0/0": "the internet" };

/**
 * What reaches what, from security group rules: a connection inside the VPC is open only where the sender's group lets
 * it out and the receiver's group lets it in.
 */
export function reaches(stack: Stack): Reach[] {
  const out = stack.attributesOf("aws_vpc_security_group_egress_rule").map(([, rule]) => rule);
  const into = stack.attributesOf("aws_vpc_security_group_ingress_rule").map(([, rule]) => rule);
  const inside = out.filter((rule) => groupOf(rule.referenced_security_group_id) !== undefined);
  const open = inside.filter((rule) => into.some((other) => meets(rule, other)));
  return [
    ...open.map((rule) =>
      reach(group(rule.security_group_id), group(rule.referenced_security_group_id), rule),
    ),
    ...out
      .filter((rule) => !inside.includes(rule))
      .map((rule) => reach(group(rule.security_group_id), outside(rule), rule)),
    ...into
      .filter((rule) => groupOf(rule.referenced_security_group_id) === undefined)
      .map((rule) => reach(outside(rule), group(rule.security_group_id), rule)),
  ].sort((one, other) => key(one).localeCompare(key(other)));
}

/** Rules of one side that nothing on the other side answers: a door that leads nowhere. */
export function halfOpen(stack: Stack): string[] {
  const out = stack.attributesOf("aws_vpc_security_group_egress_rule");
  const into = stack.attributesOf("aws_vpc_security_group_ingress_rule");
  const alone = (rules: typeof out, others: typeof out) =>
    rules.filter(
      ([, rule]) =>
        groupOf(rule.referenced_security_group_id) !== undefined &&
        !others.some(([, other]) => meets(rule, other)),
    );
  return [...alone(out, into), ...alone(into, out)].map(([name]) => name);
}

/** What reaches what, by TCP port: senders down, receivers across. What is not in a cell is closed. */
export function reachTable(stack: Stack): string {
  const cells = reaches(stack).map(({ from, to, port }) => ({ row: from, column: to, text: port }));
  return [`## ${stack.name}`, "", matrix("from ↓ to →", cells)].join("\n");
}

function meets(rule: Attributes, other: Attributes): boolean {
  return (
    groupOf(rule.referenced_security_group_id) === groupOf(other.security_group_id) &&
    groupOf(rule.security_group_id) === groupOf(other.referenced_security_group_id) &&
    rule.from_port === other.from_port &&
    rule.to_port === other.to_port
  );
}

const groupOf = (value: unknown): string | undefined => referencedName(value);
const group = (value: unknown): string => (groupOf(value) ?? "?").replace(/_security_group$/, "");
const key = ({ from, to, port }: Reach): string => `${from} ${to} ${port}`;

function reach(from: string, to: string, { from_port: port }: Attributes): Reach {
  return { from, to, port: String(port) };
}

function outside({ cidr_ipv4: cidr, prefix_list_id: list }: Attributes): string {
  if (typeof cidr === "string") return OUTSIDE[cidr] ?? cidr;
  return typeof list === "string" && list.startsWith("pl-") ? "CloudFront" : "S3";
}
