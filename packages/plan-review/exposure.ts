import { Value } from "@packages/terraform/value";
import type { Change } from "./changes";
import type { Finding, Severity } from "./finding";
import type { Attributes, Plan } from "@packages/terraform/plan";
import { evaluateTwice, readable } from "./masked-evaluation";

/** A way in which the internet can reach a resource (`opening`), or a protection against it (`guard`). */
export interface Exposure {
  readonly kind: "opening" | "guard";
  readonly text: string;
  readonly severity: Severity;
  readonly address: string;
}

export interface ExposureChange {
  /** Openings added, and guards removed. */
  readonly gained: readonly Exposure[];
  /** Openings removed, and guards added. */
  readonly lost: readonly Exposure[];
}

/** Reads the openings and guards of a resource type. */
type Reader = (values: Value, change: Change, plan: Plan) => Omit<Exposure, "address">[];

const WORLD = ["0.0.0.0/0", "::/0"];
/** Ports of databases, caches and shells, which must not be open to the internet. */
const INTERNAL_PORTS = [22, 3389, 3306, 5432, 6379, 11211, 27017];

const opening = (severity: Severity, text: string) => ({ kind: "opening" as const, severity, text });
const guard = (severity: Severity, text: string) => ({ kind: "guard" as const, severity, text });

const READERS: Readonly<Record<string, Reader>> = {
  aws_vpc_security_group_ingress_rule: (rule, change, plan) =>
    isWorld([rule.at("cidr_ipv4"), rule.at("cidr_ipv6")]) ? [ports(rule, groupOf(rule, change, plan))] : [],
  aws_security_group_rule: (rule, change, plan) =>
    rule.at("type").text === "ingress" &&
    isWorld([...rule.at("cidr_blocks").list, ...rule.at("ipv6_cidr_blocks").list])
      ? [ports(rule, groupOf(rule, change, plan))]
      : [],
  aws_security_group: (group, change) =>
    group
      .at("ingress")
      .list.filter((rule) => isWorld([...rule.at("cidr_blocks").list, ...rule.at("ipv6_cidr_blocks").list]))
      .map((rule) => ports(rule, named(change))),
  aws_db_instance: (instance, change) =>
    instance.at("publicly_accessible").isTrue
      ? [opening("block", `the database ${named(change)} has a public address`)]
      : [],
  aws_s3_bucket_public_access_block: (block, change) =>
    ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"]
      .filter((name) => block.at(name).isTrue)
      .map((name) => guard("block", `${name} of the bucket ${named(change)}`)),
  aws_s3_bucket_acl: (acl, change) =>
    /^public|^authenticated/.test(acl.at("acl").text)
      ? [opening("block", `the bucket ${named(change)} has the ACL ${acl.at("acl").text}`)]
      : [],
  aws_lambda_function_url: (url, change) =>
    url.at("authorization_type").text === "NONE"
      ? [opening("block", `the URL of the function ${named(change)} is public`)]
      : [],
  aws_api_gateway_method: (method, change) =>
    method.at("authorization").text === "NONE"
      ? [
          opening(
            method.at("http_method").text === "GET" ? "review" : "block",
            `${method.at("http_method").text} ${named(change)} needs no token`,
          ),
        ]
      : [],
  aws_ecs_service: (service, change) =>
    service.at("network_configuration.assign_public_ip").isTrue
      ? [opening("review", `the tasks of ${named(change)} have public addresses`)]
      : [],
  aws_lb: (balancer, change) =>
    balancer.at("internal").isTrue
      ? []
      : [opening("review", `the load balancer ${named(change)} faces the internet`)],
  aws_lb_listener: (listener, change) =>
    listener.at("protocol").text === "HTTP" && listener.at("default_action.type").text !== "redirect"
      ? [opening("review", `${named(change)} accepts plain HTTP`)]
      : [],
  aws_wafv2_web_acl_association: (_, change) => [guard("block", `the web ACL of ${named(change)}`)],
  aws_wafv2_web_acl: (acl, change) =>
    [
      ...acl.at("rule").list.map((rule) => rule.at("name").text),
      ...acl.at("rule_json").json.list.map((rule) => rule.at("Name").text),
    ].map((rule) =>
      guard("review", `the rule ${rule || "of an unknown name"} of the web ACL ${named(change)}`),
    ),
  aws_cloudfront_distribution: (distribution, change) => [
    ...(distribution.at("web_acl_id").text === "" ? [] : [guard("block", `the web ACL of ${named(change)}`)]),
    ...distribution
      .at("ordered_cache_behavior")
      .list.filter((behavior) => behavior.at("trusted_key_groups").list.length > 0)
      .map((behavior) =>
        guard("block", `signed cookies for ${behavior.at("path_pattern").text} of ${named(change)}`),
      ),
    ...[...distribution.at("ordered_cache_behavior").list, ...distribution.at("default_cache_behavior").list]
      .filter((behavior) => behavior.at("viewer_protocol_policy").text === "allow-all")
      .map((behavior) =>
        opening(
          "review",
          `${named(change)} serves ${behavior.at("path_pattern").text || "/*"} with plain HTTP`,
        ),
      ),
  ],
};

/** Exposure to the internet that a plan adds and removes, with sensitive values masked in the result. */
export function exposureChange(changes: readonly Change[], plan: Plan): ExposureChange {
  const { actual, masked } = evaluateTwice(changes, (all) => evaluatedChange(all, plan));
  return {
    gained: readable({ actual: actual.gained, masked: masked.gained }, { keyOf, hide }),
    lost: readable({ actual: actual.lost, masked: masked.lost }, { keyOf, hide }),
  };
}

const keyOf = ({ severity, kind, text, address }: Exposure): string =>
  [severity, kind, text, address].join("\n");

function hide({ severity, kind, address }: Exposure): Exposure {
  const what = kind === "opening" ? "an opening" : "a guard";
  return { severity, kind, address, text: `${what} of ${address} (sensitive value)` };
}

function evaluatedChange(changes: readonly Change[], plan: Plan): ExposureChange {
  const gained: Exposure[] = [];
  const lost: Exposure[] = [];
  for (const change of changes) {
    const [before, after] = [read(change, change.before, plan), read(change, change.after, plan)];
    const gone = before.filter(({ text }) => !after.some((other) => other.text === text));
    const made = after.filter(({ text }) => !before.some((other) => other.text === text));
    gained.push(
      ...made.filter(({ kind }) => kind === "opening"),
      ...gone.filter(({ kind }) => kind === "guard"),
    );
    lost.push(
      ...made.filter(({ kind }) => kind === "guard"),
      ...gone.filter(({ kind }) => kind === "opening"),
    );
  }
  // A guard that is deleted with its resource is not a loss.
  return { gained: gained.filter((one) => !vanishes(one, changes)), lost };
}

/** One finding per added opening and removed guard. */
export function exposureFindings({ gained }: ExposureChange): Finding[] {
  return gained.map(({ kind, text, severity, address }) => ({
    severity,
    rule: "exposure",
    title: kind === "opening" ? text : `${text} is removed`,
    address,
  }));
}

function vanishes({ kind, address }: Exposure, changes: readonly Change[]): boolean {
  const change = changes.find((one) => one.address === address);
  if (kind !== "guard" || change?.action !== "delete") return false;
  const before = new Value(change.before);
  const guarded = ["bucket", "resource_arn", "arn"].map((name) => before.at(name).text).filter(Boolean);
  return changes.some(({ action, type, before: old }) => {
    const ids = ["id", "arn", "bucket"].map((name) => new Value(old).at(name).text);
    const holder =
      type !== change.type || type === "aws_cloudfront_distribution" || type === "aws_wafv2_web_acl";
    return action === "delete" && holder && guarded.some((name) => ids.includes(name));
  });
}

function read(change: Change, values: Attributes | undefined, plan: Plan): Exposure[] {
  const reader = READERS[change.type];
  if (reader === undefined || values === undefined) return [];
  return reader(new Value(values), change, plan).map((found) => ({ ...found, address: change.address }));
}

function isWorld(ranges: readonly Value[]): boolean {
  return ranges.some(({ text }) => WORLD.includes(text));
}

function ports(rule: Value, group: string) {
  const [from, to] = [rule.at("from_port").number, rule.at("to_port").number];
  const all = rule.at("ip_protocol").text === "-1" || rule.at("protocol").text === "-1" || Number.isNaN(from);
  const inner = all || INTERNAL_PORTS.some((port) => port >= from && port <= to);
  const which = all ? "every port" : from === to ? `port ${from}` : `ports ${from} to ${to}`;
  return opening(inner ? "block" : "review", `the internet can reach ${which} of ${group}`);
}

/** Address of a rule's security group; the rule itself only has an id. */
function groupOf(rule: Value, change: Change, plan: Plan): string {
  const id = rule.at("security_group_id").text;
  const group = plan.resource_changes.find(
    ({ type, change: planned }) =>
      type === "aws_security_group" && new Value(planned.after ?? planned.before).at("id").text === id,
  );
  return group?.address ?? change.construct ?? change.address;
}

const named = ({ construct, address }: Change): string => construct ?? address;
