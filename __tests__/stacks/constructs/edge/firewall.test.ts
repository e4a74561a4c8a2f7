import { Firewall, type FirewallProps } from "../../../../stacks/constructs/edge/firewall";
import { MANAGED_GROUPS } from "../../../../stacks/constructs/edge/settings";
import { logs } from "../../../support/network";
import { decoded, type Synthesized, synthOf } from "../../../support/synth";

function firewall(change: Partial<FirewallProps> = {}): Synthesized {
  return synthOf((stack) => {
    new Firewall(stack, "firewall", {
      rateLimit: 2_000,
      managedGroups: MANAGED_GROUPS,
      edge: true,
      scope: "REGIONAL",
      behindEdge: false,
      logs,
      associations: { api: "arn:of:stage", balancer: "arn:of:balancer" },
      ...change,
    });
  });
}

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: object;
  readonly Statement: {
    readonly RateBasedStatement?: { readonly Limit: number; readonly AggregateKeyType: string };
    readonly ManagedRuleGroupStatement?: {
      readonly RuleActionOverrides?: readonly { readonly Name: string }[];
    };
  };
}

const rules = (synthesized: Synthesized): Rule[] =>
  decoded(synthesized.at("aws_wafv2_web_acl.firewall").rule_json as string) as unknown as Rule[];

test("is associated with everything that it protects", () => {
  expect(firewall().of("aws_wafv2_web_acl_association")).toEqual([
    expect.objectContaining({
      resource_arn: "arn:of:stage",
      web_acl_arn: "${aws_wafv2_web_acl.firewall.arn}",
    }),
    expect.objectContaining({
      resource_arn: "arn:of:balancer",
      web_acl_arn: "${aws_wafv2_web_acl.firewall.arn}",
    }),
  ]);
});

test("blocks an address after 2000 requests", () => {
  const [rate] = rules(firewall());
  expect(rate).toMatchObject({
    Name: "RateLimit",
    Action: { Block: {} },
    Statement: { RateBasedStatement: { Limit: 2_000, AggregateKeyType: "IP" } },
  });
});

test("behind CloudFront it counts by the viewer's address, not by CloudFront's", () => {
  const [rate] = rules(firewall({ behindEdge: true }));
  expect(rate?.Statement.RateBasedStatement?.AggregateKeyType).toBe("FORWARDED_IP");
});

test("blocks requests that bypass CloudFront, before the rate limit", () => {
  const [first, ...others] = rules(firewall({ behindEdge: true, originVerifyValue: "a-mark" }));
  expect(first).toMatchObject({
    Name: "OnlyThroughEdge",
    Priority: 0,
    Action: { Block: {} },
    Statement: {
      NotStatement: {
        Statement: {
          ByteMatchStatement: {
            FieldToMatch: { SingleHeader: { Name: "x-streamflow-edge" } },
            PositionalConstraint: "EXACTLY",
            SearchString: "a-mark",
          },
        },
      },
    },
  });
  expect(others.every(({ Priority }) => Priority > 0)).toBe(true);
});

test("every rule has a unique priority", () => {
  const priorities = rules(firewall()).map(({ Priority }) => Priority);
  expect(new Set(priorities).size).toBe(MANAGED_GROUPS.length + 1);
});

test.each([
  ["SizeRestrictions_BODY", "a long description"],
  ["SizeRestrictions_QUERYSTRING", "a long query"],
  ["CrossSiteScripting_BODY", "a title with a tag in it"],
  ["SQLi_BODY", "a title that reads like SQL"],
])("only counts %s, which would block %s", (name) => {
  const counted = rules(firewall()).flatMap(
    ({ Statement }) => Statement.ManagedRuleGroupStatement?.RuleActionOverrides ?? [],
  );
  expect(counted).toContainEqual({ Name: name, ActionToUse: { Count: {} } });
});

test("logs what it blocks and counts, without cookies and tokens", () => {
  const logging = firewall().at("aws_wafv2_web_acl_logging_configuration.firewall_logging");
  expect(logging.redacted_fields).toEqual([
    { single_header: { name: "authorization" } },
    { single_header: { name: "cookie" } },
  ]);
  const group = firewall().at("aws_cloudwatch_log_group.firewall_log_group");
  expect(group.name).toBe("aws-waf-logs-streamflow-test-firewall");
});
