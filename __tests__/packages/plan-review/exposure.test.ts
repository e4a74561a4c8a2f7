import { exposureChange, exposureFindings } from "../../../packages/plan-review/exposure";
import { changesOf } from "../../../packages/plan-review/changes";
import { planOf, type Planted } from "./plans";

function reviewed(planted: Readonly<Record<string, Planted>>) {
  const plan = planOf(planted);
  const change = exposureChange(changesOf(plan, new Map()), plan);
  return {
    ...change,
    findings: exposureFindings(change).map(({ severity, title }) => `${severity}: ${title}`),
  };
}

const GROUP = { before: { id: "sg-1" }, after: { id: "sg-1" }, actions: ["no-op"] };
const rule = (from: number, to = from, more: object = {}) => ({
  after: {
    security_group_id: "sg-1",
    cidr_ipv4: "0.0.0.0/0",
    ip_protocol: "tcp",
    from_port: from,
    to_port: to,
    ...more,
  },
});
const RULE = "aws_vpc_security_group_ingress_rule.r";

test.each([
  ["block: the internet can reach port 5432 of aws_security_group.g", rule(5432)],
  ["block: the internet can reach ports 20 to 30 of aws_security_group.g", rule(20, 30)],
  ["review: the internet can reach port 443 of aws_security_group.g", rule(443)],
  [
    "block: the internet can reach every port of aws_security_group.g",
    { after: { security_group_id: "sg-1", cidr_ipv6: "::/0", ip_protocol: "-1" } },
  ],
])("%s", (finding, planted) => {
  expect(reviewed({ "aws_security_group.g": GROUP, [RULE]: planted }).findings).toEqual([finding]);
});

test("a rule for some addresses opens nothing to the internet", () => {
  expect(reviewed({ [RULE]: rule(5432, 5432, { cidr_ipv4: "10.0.0.0/8" }) }).findings).toEqual([]);
});

test.each<[string, string, Planted]>([
  [
    "block",
    "aws_db_instance.d",
    { before: { publicly_accessible: false }, after: { publicly_accessible: true } },
  ],
  [
    "block",
    "aws_s3_bucket_public_access_block.b",
    { before: { block_public_acls: true }, after: { block_public_acls: false } },
  ],
  ["block", "aws_lambda_function_url.u", { after: { authorization_type: "NONE" } }],
  [
    "block",
    "aws_api_gateway_method.m",
    {
      before: { http_method: "POST", authorization: "COGNITO_USER_POOLS" },
      after: { http_method: "POST", authorization: "NONE" },
    },
  ],
  ["review", "aws_api_gateway_method.m", { after: { http_method: "GET", authorization: "NONE" } }],
  ["block", "aws_wafv2_web_acl_association.a", { before: { resource_arn: "arn:stage" } }],
  ["review", "aws_lb.l", { before: { internal: true }, after: { internal: false } }],
  [
    "review",
    "aws_wafv2_web_acl.w",
    { before: { rule_json: '[{"Name":"A"},{"Name":"B"}]' }, after: { rule_json: '[{"Name":"B"}]' } },
  ],
  [
    "review",
    "aws_wafv2_web_acl.w",
    { before: { rule: [{ name: "A" }, { name: "B" }] }, after: { rule: [{ name: "B" }] } },
  ],
  ["block", "aws_cloudfront_distribution.c", { before: { web_acl_id: "arn:w" }, after: { web_acl_id: "" } }],
  [
    "block",
    "aws_cloudfront_distribution.c",
    {
      before: { ordered_cache_behavior: [{ path_pattern: "/stream/*", trusted_key_groups: ["k"] }] },
      after: { ordered_cache_behavior: [{ path_pattern: "/stream/*", trusted_key_groups: [] }] },
    },
  ],
])("is a %s: %s, and its undoing is none", (severity, address, planted) => {
  const { findings } = reviewed({ [address]: planted });
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatch(new RegExp(`^${severity}: `));
  const undone = reviewed({ [address]: { before: planted.after ?? null, after: planted.before ?? null } });
  expect(undone.findings).toEqual([]);
  expect(undone.lost).toHaveLength(1);
});

test("an exposure by a sensitive value is reported without the value", () => {
  const planted = { ...rule(5432), after_sensitive: { cidr_ipv4: true, from_port: true, to_port: true } };
  const { gained, findings } = reviewed({ "aws_security_group.g": GROUP, [RULE]: planted });
  expect(findings).toEqual([`block: an opening of ${RULE} (sensitive value)`]);
  expect(JSON.stringify(gained)).not.toMatch(/5432|internet/);
});

test("a protection that is removed with its resource is no loss", () => {
  const block = { before: { bucket: "b", block_public_acls: true } };
  expect(reviewed({ "aws_s3_bucket_public_access_block.p": block }).findings).toHaveLength(1);
  expect(
    reviewed({ "aws_s3_bucket_public_access_block.p": block, "aws_s3_bucket.b": { before: { id: "b" } } })
      .findings,
  ).toEqual([]);
});
