import type { Value } from "@packages/terraform/value";
import { COMPUTED, isPlaceholder, UNKNOWN } from "../placeholders";
import { areUnknown, containsPublic, containsWorld } from "./ranges";
import { type ExposureReader, type Found, opening, type ReaderContext } from "./reader";

/** Ports of databases, caches, brokers, search and shells, which must not be open to the internet. */
const INTERNAL_PORTS = [
  ...[
    20, 21, 22, 23, 111, 135, 137, 138, 139, 389, 445, 512, 513, 514, 636, 873, 1433, 1434, 1521, 2049, 2181,
  ],
  ...[
    2375, 2376, 2379, 2380, 3306, 3389, 4333, 5000, 5432, 5433, 5439, 5601, 5672, 5900, 5984, 5985, 5986,
    6379,
  ],
  ...[
    6443, 7000, 7001, 7473, 7474, 8086, 8123, 8182, 8500, 9042, 9092, 9094, 9096, 9098, 9160, 9200, 9300,
    10250,
  ],
  ...[11211, 15672, 27017, 27018, 27019, 50000, 61616],
];

/** Origin of an allowed connection. */
interface Origin {
  readonly ranges: readonly unknown[];
  readonly prefixLists: readonly unknown[];
}

interface Ports {
  readonly from: number;
  readonly to: number;
  readonly protocol: string;
}

function openingOf(origin: Origin, ports: Ports, target: string): Found[] {
  const { ranges, prefixLists } = origin;
  const { words, isInternal } = portsOf(ports);
  if (containsWorld(ranges)) {
    return [opening(isInternal ? "block" : "review", `the internet can reach ${words} of ${target}`)];
  }
  const found: Found[] = [];
  if (areUnknown(ranges)) {
    found.push(opening("review", `who can reach ${words} of ${target} is not known`));
  } else if (containsPublic(ranges)) {
    const addresses = ranges.map(String).join(", ");
    found.push(opening("review", `${addresses} can reach ${words} of ${target}`));
  }
  for (const list of prefixLists) {
    // A list can contain the internet, and may be changed by others.
    found.push(
      opening("review", `the addresses of the prefix list ${String(list)} can reach ${words} of ${target}`),
    );
  }
  return found;
}

function portsOf({ from, to, protocol }: Ports): { words: string; isInternal: boolean } {
  const isAll =
    ["-1", "all", "*"].includes(protocol.toLowerCase()) || Number.isNaN(from) || (from <= 0 && to >= 65_535);
  if (isAll) return { words: "every port", isInternal: true };
  // Types of ICMP are not ports.
  if (/icmp|^1$|^58$/i.test(protocol)) return { words: "ICMP", isInternal: false };
  const isInternal = INTERNAL_PORTS.some((port) => port >= from && port <= to);
  return { words: from === to ? `port ${from}` : `ports ${from} to ${to}`, isInternal };
}

const raws = (value: Value): unknown[] =>
  value.list.map(({ raw }) => raw).filter((raw) => raw !== "" && raw !== null && raw !== undefined);

const portRange = (rule: Value, [from, to]: readonly [string, string], protocol: string): Ports => ({
  from: rule.at(from).number,
  to: rule.at(to).number,
  protocol: rule.at(protocol).text,
});

const FROM_TO = ["from_port", "to_port"] as const;

/** Ports of a rule such as `22`, `8000-8100` or `*`. */
function writtenPorts(texts: readonly string[], protocol: string): Ports[] {
  if (texts.length === 0) return [{ from: NaN, to: NaN, protocol }];
  return texts.map((text) => {
    const [from = "", to = from] = text.split("-");
    return { from: text === "*" ? NaN : Number(from), to: Number(to), protocol };
  });
}

/**
 * Rules that are known only after apply. Those that the code does not set are computed: they have resources of their
 * own. A configuration without the code lacks dynamic blocks, so there they may be set.
 */
function laterRules(rules: Value, { change, name }: ReaderContext): Found[] {
  const isLater = rules.raw === UNKNOWN || (rules.raw === COMPUTED && !change.hasCode);
  return isLater ? [opening("review", `who ${name} lets in by its own rules is known only after apply`)] : [];
}

function inlineRules(group: Value, context: ReaderContext): Found[] {
  const { name } = context;
  const rules = group.at("ingress");
  if (isPlaceholder(rules.raw)) return laterRules(rules, context);
  return rules.list.flatMap((rule) => openingOf(originOf(rule), portRange(rule, FROM_TO, "protocol"), name));
}

function originOf(rule: Value) {
  const ranges = [...raws(rule.at("cidr_blocks")), ...raws(rule.at("ipv6_cidr_blocks"))];
  return { ranges, prefixLists: raws(rule.at("prefix_list_ids")) };
}

function aclEntries(entries: readonly Value[], name: string): Found[] {
  return entries.flatMap((entry) => {
    const isAllowed = (entry.at("action").text || entry.at("rule_action").text).toLowerCase() === "allow";
    const ranges = [...raws(entry.at("cidr_block")), ...raws(entry.at("ipv6_cidr_block"))];
    if (!isAllowed || !(containsWorld(ranges) || areUnknown(ranges))) return [];
    const { words } = portsOf(portRange(entry, FROM_TO, "protocol"));
    return [opening("review", `the network ACL ${name} lets the internet in on ${words}`)];
  });
}

function azureRule(rule: Value, name: string): Found[] {
  const isInbound = rule.at("direction").text.toLowerCase() === "inbound";
  if (!isInbound || rule.at("access").text.toLowerCase() !== "allow") return [];
  const ranges = [...raws(rule.at("source_address_prefix")), ...raws(rule.at("source_address_prefixes"))];
  const ports = [
    ...rule.at("destination_port_range").texts,
    ...rule.at("destination_port_ranges").texts,
  ].filter(Boolean);
  return writtenPorts(ports, rule.at("protocol").text === "*" && ports.length === 0 ? "*" : "").flatMap(
    (range) => openingOf({ ranges, prefixLists: [] }, range, name),
  );
}

function googleFirewall(firewall: Value, name: string): Found[] {
  if (firewall.at("direction").text.toUpperCase() === "EGRESS") return [];
  if (firewall.at("disabled").isTrue || firewall.at("action").text === "deny") return [];
  const ranges = [...raws(firewall.at("source_ranges")), ...raws(firewall.at("match.src_ip_ranges"))];
  const allowed = firewall.at("allow").exists
    ? firewall.at("allow").list
    : firewall.at("match.layer4_configs").list;
  return allowed.flatMap((allow) => {
    const protocol = allow.at("protocol").text || allow.at("ip_protocol").text;
    return writtenPorts(allow.at("ports").texts.filter(Boolean), protocol).flatMap((ports) =>
      openingOf({ ranges, prefixLists: [] }, ports, name),
    );
  });
}

function addressRange(rule: Value, name: string): Found[] {
  const [start, end] = [
    rule.at("start_ip_address").text || rule.at("start_ip").text,
    rule.at("end_ip_address").text || rule.at("end_ip").text,
  ];
  if (start === "0.0.0.0" && end === "0.0.0.0") {
    return [opening("review", `${name} lets in every Azure service, also of other customers`)];
  }
  const size = numberOf(end) - numberOf(start);
  if (Number.isNaN(size)) return [opening("review", `who ${name} lets in is known only after apply`)];
  const isWorld = size >= 2 ** 24;
  return [
    opening(
      isWorld ? "block" : "review",
      `${name} lets in ${isWorld ? "the internet" : `${start} to ${end}`}`,
    ),
  ];
}

function numberOf(address: string): number {
  const parts = address.split(".").map(Number);
  return parts.length === 4 ? parts.reduce((sum, part) => sum * 256 + part, 0) : NaN;
}

const PORTS = ["from_port", "to_port"];

/** Security groups, firewalls, network ACLs and routes. */
export const NETWORK: readonly ExposureReader[] = [
  {
    types: ["aws_vpc_security_group_ingress_rule"],
    covers: [
      "cidr_ipv4",
      "cidr_ipv6",
      "prefix_list_id",
      "referenced_security_group_id",
      "ip_protocol",
      ...PORTS,
    ],
    reports: "connections from the internet, unknown addresses or prefix lists",
    read: (rule, context) => {
      const ranges = [...raws(rule.at("cidr_ipv4")), ...raws(rule.at("cidr_ipv6"))];
      const origin = { ranges, prefixLists: raws(rule.at("prefix_list_id")) };
      return openingOf(origin, portRange(rule, FROM_TO, "ip_protocol"), groupOf(rule, context));
    },
  },
  {
    types: ["aws_security_group_rule"],
    covers: [
      "cidr_blocks",
      "ipv6_cidr_blocks",
      "prefix_list_ids",
      "source_security_group_id",
      "protocol",
      "type",
      "self",
      ...PORTS,
    ],
    reports: "connections from the internet, unknown addresses or prefix lists",
    read: (rule, context) => {
      if (rule.at("type").text !== "ingress") return [];
      return openingOf(originOf(rule), portRange(rule, FROM_TO, "protocol"), groupOf(rule, context));
    },
  },
  {
    types: ["aws_security_group", "aws_default_security_group"],
    covers: ["ingress", "egress"],
    reports: "connections from the internet, unknown addresses or prefix lists",
    read: inlineRules,
  },
  {
    types: ["aws_vpc_security_group_egress_rule"],
    covers: [
      "cidr_ipv4",
      "cidr_ipv6",
      "prefix_list_id",
      "referenced_security_group_id",
      "ip_protocol",
      ...PORTS,
    ],
    reports: "nothing: the permissions of the caller and the receiver's rules limit outgoing connections",
    read: () => [],
  },
  {
    types: ["aws_network_acl_rule"],
    covers: [
      "cidr_block",
      "ipv6_cidr_block",
      "rule_action",
      "rule_number",
      "egress",
      "icmp_type",
      "icmp_code",
      "protocol",
      ...PORTS,
    ],
    reports: "entries that let the internet in",
    read: (entry, { name }) => (entry.at("egress").isTrue ? [] : aclEntries([entry], name)),
  },
  {
    types: ["aws_network_acl", "aws_default_network_acl"],
    covers: ["ingress", "egress"],
    reports: "entries that let the internet in",
    read: (acl, context) => [
      ...laterRules(acl.at("ingress"), context),
      ...aclEntries(acl.at("ingress").list, context.name),
    ],
  },
  {
    types: ["aws_route", "aws_default_route_table", "aws_route_table"],
    covers: ["destination_cidr_block", "destination_ipv6_cidr_block", "gateway_id", "route"],
    reports: "routes from an internet gateway: hosts with a public address become reachable",
    read: (table, { name }) => {
      const routes = table.at("route").exists ? table.at("route").list : [table];
      return routes
        .filter((route) => {
          const to = [
            "destination_cidr_block",
            "destination_ipv6_cidr_block",
            "cidr_block",
            "ipv6_cidr_block",
          ];
          const gateway = route.at("gateway_id").text;
          const isInternet = gateway.startsWith("igw-") || /internet_gateway|known after apply/.test(gateway);
          return isInternet && containsWorld(to.map((key) => route.at(key).raw));
        })
        .map(() =>
          opening(
            "review",
            `${name} routes to an internet gateway: hosts with a public address are reachable`,
          ),
        );
    },
  },
  {
    types: [
      "google_compute_firewall",
      "google_compute_firewall_policy_rule",
      "google_compute_network_firewall_policy_rule",
    ],
    covers: [
      "source_ranges",
      "allow",
      "deny",
      "direction",
      "disabled",
      "priority",
      "target_tags",
      "source_tags",
      "destination_ranges",
      "match",
      "action",
    ],
    reports: "connections from the internet or unknown addresses",
    read: (firewall, { name }) => googleFirewall(firewall, name),
  },
  {
    types: ["azurerm_network_security_rule"],
    covers: ["*"],
    reports: "connections from the internet or unknown addresses",
    read: (rule, { name }) => azureRule(rule, name),
  },
  {
    types: ["azurerm_network_security_group"],
    covers: ["security_rule"],
    reports: "connections from the internet or unknown addresses",
    read: (group, context) => [
      ...laterRules(group.at("security_rule"), context),
      ...group.at("security_rule").list.flatMap((rule) => azureRule(rule, context.name)),
    ],
  },
  {
    types: [
      "azurerm_mssql_firewall_rule",
      "azurerm_sql_firewall_rule",
      "azurerm_postgresql_firewall_rule",
      "azurerm_postgresql_flexible_server_firewall_rule",
      "azurerm_mysql_flexible_server_firewall_rule",
      "azurerm_redis_firewall_rule",
      "azurerm_synapse_firewall_rule",
    ],
    covers: ["*"],
    reports: "addresses that are let in",
    read: addressRangeOf,
  },
  {
    types: ["kubernetes_ingress", "kubernetes_ingress_v1"],
    covers: ["spec"],
    reports: "an ingress that is created",
    read: (_, { name }) => [opening("review", `${name} lets requests into the cluster`)],
  },
];

function addressRangeOf(rule: Value, { name }: ReaderContext): Found[] {
  return addressRange(rule, name);
}

/** Address of a rule's security group; the rule itself only has an id. */
function groupOf(rule: Value, { groupOf: find, name }: ReaderContext): string {
  return find(rule.at("security_group_id").text) ?? name;
}
