import { Firewall, type FirewallProps } from "../../../../stacks/constructs/edge/firewall";
import { MANAGED_GROUPS } from "../../../../stacks/constructs/edge/settings";
import { logs } from "../../../support/network";
import { type Synthesized, synthOf } from "../../../support/synth";

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
  readonly name: string;
  readonly priority: number;
  readonly statement: {
    readonly rate_based_statement?: { readonly limit: number; readonly aggregate_key_type: string };
    readonly managed_rule_group_statement?: {
      readonly rule_action_override?: readonly { readonly name: string }[];
    };
  };
}

const rules = (synthesized: Synthesized): Rule[] =>
  synthesized.at("aws_wafv2_web_acl.firewall").rule as Rule[];

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
    name: "RateLimit",
    action: { block: {} },
    statement: { rate_based_statement: { limit: 2_000, aggregate_key_type: "IP" } },
  });
});

test("behind CloudFront it counts by the viewer's address, not by CloudFront's", () => {
  const [rate] = rules(firewall({ behindEdge: true }));
  expect(rate?.statement.rate_based_statement?.aggregate_key_type).toBe("FORWARDED_IP");
});

test("blocks requests that bypass CloudFront, before the rate limit", () => {
  const [first, ...others] = rules(firewall({ behindEdge: true, originVerifyValue: "a-mark" }));
  expect(first).toMatchObject({
    name: "OnlyThroughEdge",
    priority: 0,
    action: { block: {} },
    statement: {
      not_statement: {
        statement: {
          byte_match_statement: {
            field_to_match: { single_header: { name: "x-streamflow-edge" } },
            positional_constraint: "EXACTLY",
            search_string: "a-mark",
          },
        },
      },
    },
  });
  expect(others.every(({ priority }) => priority > 0)).toBe(true);
});

test("every rule has a priority of its own", () => {
  const priorities = rules(firewall()).map(({ priority }) => priority);
  expect(new Set(priorities).size).toBe(MANAGED_GROUPS.length + 1);
});

test.each([
  ["SizeRestrictions_BODY", "a long description"],
  ["SizeRestrictions_QUERYSTRING", "a long query"],
  ["CrossSiteScripting_BODY", "a title with a tag in it"],
  ["SQLi_BODY", "a title that reads like SQL"],
])("only counts %s, which would block %s", (name) => {
  const counted = rules(firewall()).flatMap(
    ({ statement }) => statement.managed_rule_group_statement?.rule_action_override ?? [],
  );
  expect(counted).toContainEqual({ name, action_to_use: { count: {} } });
});

test("logs what it blocks and counts, and redacts the parts that have cookies and tokens", () => {
  const logging = firewall().at("aws_wafv2_web_acl_logging_configuration.firewall_logging");
  expect(logging.redacted_fields).toEqual([
    { single_header: { name: "authorization" } },
    { single_header: { name: "cookie" } },
    { single_header: { name: "referer" } },
    { query_string: {} },
  ]);
  const group = firewall().at("aws_cloudwatch_log_group.firewall_log_group");
  expect(group.name).toBe("aws-waf-logs-streamflow-test-firewall");
});
