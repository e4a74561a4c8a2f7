import type { Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { ORIGIN_VERIFY_HEADER } from "./origin-verify";
import { optional } from "../../lib/optional";
import type { FirewallSettings } from "./settings";

type ManagedGroup = FirewallSettings["managedGroups"][number];

/** Parameters of a web ACL's rules. */
export interface RuleProps {
  /** Requests per address in 5 minutes before it is blocked temporarily. */
  readonly rateLimit: number;
  /** Managed rule groups, $1 per month each. */
  readonly managedGroups: readonly ManagedGroup[];
  /** Requests come through CloudFront, which adds the viewer's address in a header. */
  readonly behindEdge: boolean;
  /** Value of CloudFront's verification header; if set, requests without it are blocked. */
  readonly originVerifyValue?: string | undefined;
}

interface Group {
  readonly name: string;
  /** Rules that only count, because they would block legitimate requests. */
  readonly counted: readonly string[];
}

/** Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const RULE_GROUPS: Readonly<Record<ManagedGroup, Group>> = {
  ipReputation: { name: "AWSManagedRulesAmazonIpReputationList", counted: [] },
  knownBadInputs: { name: "AWSManagedRulesKnownBadInputsRuleSet", counted: [] },
  common: {
    name: "AWSManagedRulesCommonRuleSet",
    counted: [
      // JSON with title and description can exceed 8 KB; the API has its own limits.
      "SizeRestrictions_BODY",
      // A cursor with filters can exceed 2 KB.
      "SizeRestrictions_QUERYSTRING",
      // Titles such as `<script>, the movie` are legitimate text; the console escapes them.
      "CrossSiteScripting_BODY",
    ],
  },
  // `SELECT a seat: how to UNION` is a legitimate title; all queries use bound parameters.
  sql: { name: "AWSManagedRulesSQLiRuleSet", counted: ["SQLi_BODY", "SQLiExtendedPatterns_BODY"] },
};

/**
 * Rules of a web ACL as native blocks, so that plans show each rule and scanners can read them. CDKTF types a
 * statement as `any`: its members have Terraform's names.
 */
export function webAclRules(props: RuleProps): Wafv2WebAclRule[] {
  const { managedGroups, originVerifyValue } = props;
  return [
    ...(originVerifyValue === undefined ? [] : [onlyThroughEdge(originVerifyValue)]),
    rateRule(props),
    ...managedGroups.map((group, index) => managedRule(RULE_GROUPS[group], index + 2)),
  ];
}

/** Blocks requests that bypass the edge's web ACL with the API's own host name or another distribution. */
function onlyThroughEdge(originVerifyValue: string): Wafv2WebAclRule {
  const carriesHeader = {
    byte_match_statement: {
      field_to_match: { single_header: { name: ORIGIN_VERIFY_HEADER } },
      positional_constraint: "EXACTLY",
      search_string: originVerifyValue,
      text_transformation: [{ priority: 0, type: "NONE" }],
    },
  };
  return {
    name: "OnlyThroughEdge",
    priority: 0,
    action: { block: {} },
    statement: { not_statement: { statement: carriesHeader } },
    visibilityConfig: visibility("OnlyThroughEdge"),
  };
}

function rateRule({ rateLimit, behindEdge }: Pick<RuleProps, "rateLimit" | "behindEdge">): Wafv2WebAclRule {
  const byAddress = behindEdge
    ? {
        // Behind CloudFront the source address is CloudFront's, shared by many viewers. Viewers can forge the header's
        // first address; the edge's web ACL uses the real one.
        aggregate_key_type: "FORWARDED_IP",
        forwarded_ip_config: { header_name: "X-Forwarded-For", fallback_behavior: "NO_MATCH" },
      }
    : { aggregate_key_type: "IP" };
  return {
    name: "RateLimit",
    priority: 1,
    action: { block: {} },
    statement: { rate_based_statement: { limit: rateLimit, evaluation_window_sec: 300, ...byAddress } },
    visibilityConfig: visibility("RateLimit"),
  };
}

function managedRule({ name, counted }: Group, priority: number): Wafv2WebAclRule {
  const overrides = counted.map((rule) => ({ name: rule, action_to_use: { count: {} } }));
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managed_rule_group_statement: {
        vendor_name: "AWS",
        name,
        ...optional({ rule_action_override: counted.length === 0 ? undefined : overrides }),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function visibility(metricName: string): Wafv2WebAclRule["visibilityConfig"] {
  return { cloudwatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true };
}
