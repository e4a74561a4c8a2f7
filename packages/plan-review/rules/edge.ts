import { isDeepStrictEqual } from "node:util";
import type { Value } from "@packages/terraform/value";
import { change, type ExposureReader, type Found, guard, opening } from "./reader";

const PUBLIC_ACCESS_BLOCK = [
  "block_public_acls",
  "block_public_policy",
  "ignore_public_acls",
  "restrict_public_buckets",
];

/** The name of the action in `{ block: [{}] }` or `{ Block: {} }`; empty without one. */
function actionOf(value: Value): string {
  const { raw } = value.list[0] ?? value;
  if (typeof raw !== "object" || raw === null) return "";
  const set = Object.entries(raw).find(
    ([, member]) => member !== null && member !== undefined && !isDeepStrictEqual(member, []),
  );
  return set?.[0].toLowerCase() ?? "";
}

/** Rules of a web ACL or rule group, of blocks and of `rule_json`. */
function firewallRules(acl: Value) {
  const written = acl.at("rule").list.map((rule) => ({
    name: rule.at("name").text,
    action: actionOf(rule.at("action")),
    override: actionOf(rule.at("override_action")),
    overridden: overriddenNames(rule.at("statement.managed_rule_group_statement"), {
      overrides: "rule_action_override",
      excluded: "excluded_rule",
      name: "name",
      action: "action_to_use",
    }),
  }));
  const json = acl.at("rule_json").json.list.map((rule) => ({
    name: rule.at("Name").text,
    action: actionOf(rule.at("Action")),
    override: actionOf(rule.at("OverrideAction")),
    overridden: overriddenNames(rule.at("Statement.ManagedRuleGroupStatement"), {
      overrides: "RuleActionOverrides",
      excluded: "ExcludedRules",
      name: "Name",
      action: "ActionToUse",
    }),
  }));
  return [...written, ...json];
}

interface Names {
  readonly overrides: string;
  readonly excluded: string;
  readonly name: string;
  readonly action: string;
}

/** Rules of a managed group that only count, or let requests pass. */
function overriddenNames(group: Value, { overrides, excluded, name, action }: Names): string[] {
  const weaker = group.at(overrides).list.filter((one) => /^(?:count|allow)$/.test(actionOf(one.at(action))));
  return [...weaker, ...group.at(excluded).list].map((one) => one.at(name).text);
}

function readFirewall(acl: Value, where: string): Found[] {
  const rules = firewallRules(acl).flatMap(({ name, action, override, overridden }): Found[] => {
    const rule = `the rule ${name || "of an unknown name"} of the web ACL ${where}`;
    const onlyCounts = action === "count" || override === "count";
    return [
      ...(action === "allow" ? [] : [guard("review", rule)]),
      ...(onlyCounts ? [change("review", `${rule} only counts`)] : []),
      ...(action === "allow" ? [opening("review", `${rule} lets requests pass`)] : []),
      ...overridden.map((one) => change("review", `${rule} no longer blocks by ${one}`)),
    ];
  });
  const byDefault = actionOf(acl.at("default_action"));
  const passes =
    byDefault === "allow" ? [change("block", `the web ACL ${where} lets requests pass by default`)] : [];
  return [...rules, ...passes];
}

const behaviorsOf = (distribution: Value): Value[] => [
  ...distribution.at("ordered_cache_behavior").list,
  ...distribution.at("default_cache_behavior").list,
];

function readDistribution(distribution: Value, name: string): Found[] {
  const behaviors = behaviorsOf(distribution);
  const pathOf = (behavior: Value): string => behavior.at("path_pattern").text || "/*";
  const isSigned = (behavior: Value): boolean =>
    ["trusted_key_groups", "trusted_signers"].some((key) => behavior.at(key).texts.some(Boolean));
  return [
    ...(distribution.at("web_acl_id").text === "" ? [] : [guard("block", `the web ACL of ${name}`)]),
    ...behaviors
      .filter(isSigned)
      .map((behavior) => guard("block", `signed cookies for ${pathOf(behavior)} of ${name}`)),
    ...behaviors
      .filter((behavior) => behavior.at("viewer_protocol_policy").text === "allow-all")
      .map((behavior) => opening("review", `${name} serves ${pathOf(behavior)} with plain HTTP`)),
  ];
}

/** Buckets' public access blocks, load balancers, API routes, web ACLs and CloudFront. */
export const EDGE: readonly ExposureReader[] = [
  {
    types: [
      "aws_s3_bucket_public_access_block",
      "aws_s3_account_public_access_block",
      "aws_s3_access_point",
      "aws_s3control_multi_region_access_point",
    ],
    covers: [...PUBLIC_ACCESS_BLOCK, "public_access_block_configuration"],
    reports: "blocks that are removed",
    read: (block, { name }) =>
      PUBLIC_ACCESS_BLOCK.filter(
        (key) => block.at(key).isTrue || block.at(`public_access_block_configuration.${key}`).isTrue,
      ).map((key) => guard("block", `${key} of the bucket ${name}`)),
  },
  {
    types: ["google_storage_bucket"],
    covers: ["public_access_prevention"],
    reports: "the prevention of public access that is removed",
    read: (bucket, { name }) =>
      bucket.at("public_access_prevention").text === "enforced"
        ? [guard("block", `the prevention of public access to ${name}`)]
        : [],
  },
  {
    types: ["aws_lb", "aws_alb", "aws_elb"],
    covers: ["internal"],
    reports: "load balancers that face the internet",
    read: (balancer, { name }) =>
      balancer.at("internal").isTrue
        ? []
        : [opening("review", `the load balancer ${name} faces the internet`)],
  },
  {
    types: ["aws_lb_listener", "aws_alb_listener"],
    covers: ["protocol", "default_action", "port"],
    reports: "plain HTTP",
    read: (listener, { name }) =>
      listener.at("protocol").text === "HTTP" && listener.at("default_action.type").text !== "redirect"
        ? [opening("review", `${name} accepts plain HTTP`)]
        : [],
  },
  {
    types: ["aws_api_gateway_method"],
    covers: ["authorization"],
    reports: "methods without authorization",
    read: (method, { name }) => {
      const verb = method.at("http_method").text;
      if (method.at("authorization").text !== "NONE") return [];
      return [opening(isReading(verb) ? "review" : "block", `${verb} ${name} needs no token`)];
    },
  },
  {
    types: ["aws_apigatewayv2_route"],
    covers: ["authorization_type", "route_key", "target"],
    reports: "routes without authorization",
    read: (route, { name }) => {
      const key = route.at("route_key").text;
      if (!["NONE", ""].includes(route.at("authorization_type").text)) return [];
      return [
        opening(isReading(key.split(" ")[0] ?? "") ? "review" : "block", `${key} of ${name} needs no token`),
      ];
    },
  },
  {
    types: ["aws_wafv2_web_acl_association", "aws_wafregional_web_acl_association", "aws_shield_protection"],
    covers: ["web_acl_arn"],
    reports: "a web ACL that is taken away or exchanged",
    read: (_, { name }) => [guard("block", `the web ACL of ${name}`)],
  },
  {
    types: ["aws_wafv2_web_acl", "aws_wafv2_rule_group"],
    covers: [
      "default_action",
      "rule.action",
      "rule.override_action",
      "rule.name",
      "rule_json.Name",
      "rule_json.Action",
      "rule_json.OverrideAction",
      "rule.statement.managed_rule_group_statement.rule_action_override",
    ],
    reports: "rules that are removed, count instead of block or are overridden, and the default action",
    read: (acl, { name }) => readFirewall(acl, name),
  },
  {
    types: ["aws_cloudfront_distribution"],
    covers: [
      "web_acl_id",
      "default_cache_behavior.trusted_key_groups",
      "ordered_cache_behavior.trusted_key_groups",
      "default_cache_behavior.trusted_signers",
      "ordered_cache_behavior.trusted_signers",
      "default_cache_behavior.viewer_protocol_policy",
      "ordered_cache_behavior.viewer_protocol_policy",
    ],
    reports: "web ACLs and signed cookies that are removed, and plain HTTP",
    read: (distribution, { name }) => readDistribution(distribution, name),
  },
];

function isReading(verb: string): boolean {
  return ["GET", "HEAD", "OPTIONS"].includes(verb);
}
