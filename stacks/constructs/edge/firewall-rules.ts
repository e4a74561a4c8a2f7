import { Fn } from "cdktf";
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

/** Rules in WAFv2's JSON format; CDKTF types a rule's statement as `any`. */
export function ruleJson({ rateLimit, managedGroups, behindEdge, originVerifyValue }: RuleProps): string {
  const groups = managedGroups.map((group, index) => managedRule(RULE_GROUPS[group], index + 2));
  const marked = originVerifyValue === undefined ? [] : [onlyThroughEdge(originVerifyValue)];
  return Fn.jsonencode([...marked, rateRule({ rateLimit, behindEdge }), ...groups]);
}

/** Blocks requests that bypass the edge's web ACL with the API's own host name or another distribution. */
function onlyThroughEdge(originVerifyValue: string): object {
  return {
    Name: "OnlyThroughEdge",
    Priority: 0,
    Action: { Block: {} },
    Statement: {
      NotStatement: {
        Statement: {
          ByteMatchStatement: {
            FieldToMatch: { SingleHeader: { Name: ORIGIN_VERIFY_HEADER } },
            PositionalConstraint: "EXACTLY",
            SearchString: originVerifyValue,
            TextTransformations: [{ Priority: 0, Type: "NONE" }],
          },
        },
      },
    },
    VisibilityConfig: visibility("OnlyThroughEdge"),
  };
}

function rateRule({ rateLimit, behindEdge }: Pick<RuleProps, "rateLimit" | "behindEdge">): object {
  const byAddress = behindEdge
    ? {
        // Behind CloudFront the source address is CloudFront's, shared by many viewers. Viewers can forge the header's
        // first address; the edge's web ACL uses the real one.
        AggregateKeyType: "FORWARDED_IP",
        ForwardedIPConfig: { HeaderName: "X-Forwarded-For", FallbackBehavior: "NO_MATCH" },
      }
    : { AggregateKeyType: "IP" };
  return {
    Name: "RateLimit",
    Priority: 1,
    Action: { Block: {} },
    Statement: { RateBasedStatement: { Limit: rateLimit, EvaluationWindowSec: 300, ...byAddress } },
    VisibilityConfig: visibility("RateLimit"),
  };
}

function managedRule({ name, counted }: Group, priority: number): object {
  const overrides = counted.map((rule) => ({ Name: rule, ActionToUse: { Count: {} } }));
  return {
    Name: name,
    Priority: priority,
    OverrideAction: { None: {} },
    Statement: {
      ManagedRuleGroupStatement: {
        VendorName: "AWS",
        Name: name,
        ...optional({ RuleActionOverrides: counted.length === 0 ? undefined : overrides }),
      },
    },
    VisibilityConfig: visibility(name),
  };
}

function visibility(name: string): object {
  return { CloudWatchMetricsEnabled: true, MetricName: name, SampledRequestsEnabled: true };
}
