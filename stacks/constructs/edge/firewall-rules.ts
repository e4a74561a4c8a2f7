import { Fn } from "cdktf";
import { ORIGIN_VERIFY_HEADER } from "./origin-verify";
import { optional } from "../../lib/optional";
import type { FirewallSettings } from "./settings";

type ManagedGroup = FirewallSettings["managedGroups"][number];

/** What the rules of a web ACL depend on. */
export interface RuleProps {
  /** Requests that one address may send in five minutes before it is blocked for a while. */
  readonly rateLimit: number;
  /** Managed groups, each at a dollar a month and web ACL. */
  readonly managedGroups: readonly ManagedGroup[];
  /** Whether requests come through CloudFront, which tells the viewer's address in a header. */
  readonly behindEdge: boolean;
  /** Value of the header that CloudFront adds to its requests; when given, all other requests are refused. */
  readonly originVerifyValue?: string | undefined;
}

interface Group {
  readonly name: string;
  /** Rules that only count, because they would block what our users legitimately do. */
  readonly counted: readonly string[];
}

/** Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const RULE_GROUPS: Readonly<Record<ManagedGroup, Group>> = {
  ipReputation: { name: "AWSManagedRulesAmazonIpReputationList", counted: [] },
  knownBadInputs: { name: "AWSManagedRulesKnownBadInputsRuleSet", counted: [] },
  common: {
    name: "AWSManagedRulesCommonRuleSet",
    counted: [
      // A title and a description in JSON may be longer than 8 KB; the API limits them itself.
      "SizeRestrictions_BODY",
      // A page's cursor with its filters may be longer than 2 KB.
      "SizeRestrictions_QUERYSTRING",
      // Titles such as `<script>, the movie` are text: the API stores them and the console escapes them.
      "CrossSiteScripting_BODY",
    ],
  },
  // `SELECT a seat: how to UNION` is a title. Every query of ours binds its parameters.
  sql: { name: "AWSManagedRulesSQLiRuleSet", counted: ["SQLi_BODY", "SQLiExtendedPatterns_BODY"] },
};

/** The rules of a web ACL as the WAFv2 API takes them; CDKTF types a rule's statement as `any`. */
export function ruleJson({ rateLimit, managedGroups, behindEdge, originVerifyValue }: RuleProps): string {
  const groups = managedGroups.map((group, index) => managedRule(RULE_GROUPS[group], index + 2));
  const marked = originVerifyValue === undefined ? [] : [onlyThroughEdge(originVerifyValue)];
  return Fn.jsonencode([...marked, rateRule({ rateLimit, behindEdge }), ...groups]);
}

/** Nobody goes around the web ACL of the edge, by the API's own name or by a distribution of their own. */
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
        // Behind CloudFront the sender is CloudFront: one of its addresses speaks for many viewers. A viewer may
        // put other addresses before its own: the edge's web ACL counts by the true one.
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
