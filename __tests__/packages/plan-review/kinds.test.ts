import { reviewOf, type Review } from "../../../packages/plan-review/review";
import type { Plan } from "../../../packages/terraform/plan";
import { planOf, type Planted } from "./plans";

type Verdict = Review["verdict"];

const verdict = (planted: Readonly<Record<string, Planted>>): Verdict =>
  reviewOf(planOf(planted), { stack: "s" }).verdict;
const created = (address: string, after: object): Verdict => verdict({ [address]: { after } });
const updated = (address: string, before: object, after: object): Verdict =>
  verdict({ [address]: { before, after } });

const policy = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (statement: object): object => ({
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::b/*",
  ...statement,
});
const anyone = (Condition?: object): string =>
  policy(allow({ Principal: "*", ...(Condition ? { Condition } : {}) }));
const BOUND = { StringEquals: { "aws:SourceAccount": "111122223333" } };

describe("a policy document is read wherever it is", () => {
  test.each([
    ["aws_s3_bucket_policy.p", { bucket: "b", policy: anyone() }],
    ["aws_sqs_queue.q", { name: "q", policy: anyone() }],
    ["aws_sns_topic.t", { name: "t", policy: anyone() }],
    ["aws_ecr_repository_policy.p", { repository: "r", policy: anyone() }],
    ["aws_glue_resource_policy.p", { policy: anyone() }],
    ["aws_opensearch_domain.d", { domain_name: "d", access_policies: anyone() }],
    ["aws_api_gateway_rest_api.a", { name: "a", policy: anyone() }],
    ["aws_s3_access_point.a", { bucket: "b", policy: anyone() }],
    ["aws_vpc_endpoint_service.s", { allowed_principals: ["*"] }],
    ["acme_store.s", { rules: [{ access: anyone() }] }],
  ])("%s that lets everyone in blocks the plan", (address, after) => {
    expect(created(address, after)).toBe("blocked");
  });

  test("the same document with a condition that names an account does not", () => {
    expect(created("aws_sqs_queue.q", { name: "q", policy: anyone(BOUND) })).toBe("safe");
  });
});

describe("conditions that bind nobody", () => {
  test.each<[string, object]>([
    ["a TLS condition", { Bool: { "aws:SecureTransport": "true" } }],
    ["a wildcard source", { StringLike: { "aws:SourceArn": "*" } }],
    ["every address", { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }],
    ["both halves of the addresses", { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } }],
    ["a negation", { StringNotEquals: { "aws:SourceAccount": "111122223333" } }],
    ["a key that may be missing", { StringEqualsIfExists: { "aws:SourceAccount": "111122223333" } }],
    ["for all values of a missing key", { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-1" } }],
    ["a null check", { Null: { "aws:SourceArn": "true" } }],
  ])("%s lets everyone in", (_, condition) => {
    expect(created("aws_sqs_queue.q", { name: "q", policy: anyone(condition) })).toBe("blocked");
  });
});

describe("identities", () => {
  const role = (statement: object): Verdict =>
    created("aws_iam_role_policy.p", {
      role: "r",
      policy: policy({ Effect: "Allow", Resource: "arn:aws:s3:::b", ...statement }),
    });
  const trust = (statement: object): Verdict =>
    created("aws_iam_role.r", {
      name: "r",
      assume_role_policy: policy({ Effect: "Allow", Action: "sts:AssumeRole", ...statement }),
    });
  const GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
  const github = (sub?: string): Verdict =>
    trust({
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: GITHUB },
      Condition: {
        StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
        ...(sub === undefined ? {} : { StringLike: { "token.actions.githubusercontent.com:sub": sub } }),
      },
    });

  test.each<[Verdict, () => Verdict]>([
    ["blocked", () => role({ NotAction: "iam:*" })],
    ["blocked", () => role({ Action: "S3:*" })],
    ["blocked", () => role({ Action: "*" })],
    ["needs-review", () => role({ Action: "IAM:passrole" })],
    ["needs-review", () => role({ Action: "s3:GetObject", Resource: "*" })],
    ["safe", () => role({ Action: "s3:GetObject" })],
    ["blocked", () => trust({ Principal: "*" })],
    ["blocked", () => trust({ Principal: { AWS: "*" } })],
    ["blocked", () => github("repo:*")],
    ["blocked", () => github()],
    ["needs-review", () => trust({ Principal: { AWS: "arn:aws:iam::999988887777:root" } })],
    [
      "blocked",
      () =>
        created("aws_iam_group_policy_attachment.a", {
          group: "g",
          policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
    ],
    [
      "blocked",
      () =>
        created("aws_iam_user_policy_attachment.a", {
          user: "u",
          policy_arn: "arn:aws:iam::aws:policy/IAMFullAccess",
        }),
    ],
    ["needs-review", () => created("aws_iam_access_key.k", { user: "u" })],
    [
      "needs-review",
      () =>
        updated(
          "aws_iam_role.r",
          { name: "r", permissions_boundary: "arn:aws:iam::1:policy/a" },
          { name: "r" },
        ),
    ],
    [
      "blocked",
      () =>
        created("google_storage_bucket_iam_member.m", {
          bucket: "b",
          role: "roles/storage.objectViewer",
          member: "allUsers",
        }),
    ],
    [
      "blocked",
      () =>
        created("google_project_iam_binding.b", {
          project: "p",
          role: "roles/owner",
          members: ["user:a@b.example"],
        }),
    ],
    [
      "blocked",
      () =>
        created("azurerm_role_assignment.a", {
          scope: "/subscriptions/1",
          role_definition_name: "Owner",
          principal_id: "1",
        }),
    ],
    [
      "blocked",
      () =>
        created("kubernetes_cluster_role_binding.b", {
          metadata: [{ name: "b" }],
          role_ref: [{ name: "cluster-admin", kind: "ClusterRole" }],
          subject: [{ kind: "ServiceAccount", name: "a" }],
        }),
    ],
    [
      "blocked",
      () =>
        created("aws_lambda_permission.p", {
          action: "lambda:InvokeFunction",
          function_name: "f",
          principal: "*",
        }),
    ],
  ])("%s: identity %#", (expected, review) => {
    expect(review()).toBe(expected);
  });

  test("a role that a known repository may take needs no more than a review", () => {
    expect(["safe", "needs-review"]).toContain(github("repo:owner/name:ref:refs/heads/main"));
  });
});

const imagesKept = JSON.stringify({
  rules: [{ selection: { countType: "imageCountMoreThan", countNumber: 5 } }],
});
const expiring = (bucket: string): object => ({
  bucket,
  rule: [{ id: "a", status: "Enabled", expiration: [{ days: 7 }] }],
});

describe("openings", () => {
  const NSG = {
    direction: "Inbound",
    access: "Allow",
    protocol: "Tcp",
    destination_port_range: "22",
    name: "n",
  };
  test.each<[Verdict, string, object]>([
    [
      "blocked",
      "aws_vpc_security_group_ingress_rule.r",
      { cidr_ipv6: "0::/0", from_port: 22, to_port: 22, ip_protocol: "tcp" },
    ],
    [
      "blocked",
      "aws_security_group_rule.r",
      {
        type: "ingress",
        cidr_blocks: ["0.0.0.0/1", "128.0.0.0/1"],
        from_port: 5432,
        to_port: 5432,
        protocol: "tcp",
      },
    ],
    [
      "needs-review",
      "aws_security_group_rule.r",
      { type: "ingress", prefix_list_ids: ["pl-1"], from_port: 443, to_port: 443, protocol: "tcp" },
    ],
    [
      "needs-review",
      "aws_security_group_rule.r",
      { type: "ingress", cidr_blocks: ["203.0.113.9/32"], from_port: 22, to_port: 22, protocol: "tcp" },
    ],
    [
      "safe",
      "aws_security_group_rule.r",
      { type: "ingress", cidr_blocks: ["10.0.0.0/8"], from_port: 22, to_port: 22, protocol: "tcp" },
    ],
    [
      "safe",
      "aws_security_group_rule.r",
      { type: "egress", cidr_blocks: ["0.0.0.0/0"], from_port: 0, to_port: 0, protocol: "-1" },
    ],
    [
      "needs-review",
      "aws_network_acl_rule.r",
      { network_acl_id: "a", rule_action: "allow", cidr_block: "0.0.0.0/0", protocol: "-1", rule_number: 1 },
    ],
    [
      "safe",
      "aws_network_acl_rule.r",
      { network_acl_id: "a", rule_action: "deny", cidr_block: "0.0.0.0/0", protocol: "-1", rule_number: 1 },
    ],
    [
      "needs-review",
      "aws_route.r",
      { route_table_id: "t", destination_cidr_block: "0.0.0.0/0", gateway_id: "igw-1" },
    ],
    [
      "safe",
      "aws_route.r",
      { route_table_id: "t", destination_cidr_block: "0.0.0.0/0", nat_gateway_id: "nat-1" },
    ],
    [
      "needs-review",
      "aws_subnet.s",
      { vpc_id: "v", cidr_block: "10.0.0.0/24", map_public_ip_on_launch: true },
    ],
    ["safe", "aws_subnet.s", { vpc_id: "v", cidr_block: "10.0.0.0/24", map_public_ip_on_launch: false }],
    [
      "blocked",
      "google_compute_firewall.f",
      { name: "f", source_ranges: ["0.0.0.0/0"], allow: [{ protocol: "tcp", ports: ["22"] }] },
    ],
    [
      "safe",
      "google_compute_firewall.f",
      { name: "f", source_ranges: ["10.0.0.0/8"], allow: [{ protocol: "tcp", ports: ["22"] }] },
    ],
    ["blocked", "azurerm_network_security_rule.r", { ...NSG, source_address_prefix: "*" }],
    ["blocked", "azurerm_network_security_rule.r", { ...NSG, source_address_prefix: "Internet" }],
    ["safe", "azurerm_network_security_rule.r", { ...NSG, source_address_prefix: "*", access: "Deny" }],
    ["safe", "azurerm_network_security_rule.r", { ...NSG, source_address_prefix: "10.0.0.0/8" }],
    [
      "blocked",
      "azurerm_mssql_firewall_rule.r",
      { name: "r", start_ip_address: "0.0.0.0", end_ip_address: "255.255.255.255" },
    ],
  ])("%s: %s %j", (expected, address, after) => {
    expect(created(address, after)).toBe(expected);
  });

  test("a security group of whose rules nothing is known needs a review", () => {
    const planted = { after: { name: "g", vpc_id: "v" }, after_unknown: { ingress: true } };
    expect(verdict({ "aws_security_group.g": planted })).toBe("needs-review");
  });
});

test.each<[Verdict, Readonly<Record<string, Planted>>]>([
  ["needs-review", { "aws_s3_bucket_lifecycle_configuration.l": { after: expiring("b") } }],
  [
    "safe",
    {
      "aws_s3_bucket_lifecycle_configuration.l": { after: expiring("b") },
      "aws_s3_bucket.b": { after: { bucket: "b" } },
    },
  ],
  ["needs-review", { "aws_ecr_lifecycle_policy.l": { after: { repository: "r", policy: imagesKept } } }],
  [
    "safe",
    {
      "aws_ecr_lifecycle_policy.l": { after: { repository: "r", policy: imagesKept } },
      "aws_ecr_repository.r": { after: { name: "r" } },
    },
  ],
])("%s: a new limit for what exists, or what is new too", (expected, planted) => {
  expect(verdict(planted)).toBe(expected);
});

test("what runs commands is not inert", () => {
  const planted = { "null_resource.n": { before: { id: "1" } } };
  const configuration = {
    root_module: { resources: [{ address: "null_resource.n", provisioners: [{ type: "local-exec" }] }] },
  };
  expect(verdict(planted)).toBe("safe");
  expect(reviewOf(planOf(planted, { configuration }), { stack: "s" }).verdict).toBe("needs-review");
});

const withCommand = (command: string): Partial<Plan> => ({
  configuration: {
    root_module: {
      resources: [
        {
          address: "acme_x.x",
          provisioners: [{ type: "local-exec", expressions: { command: { constant_value: command } } }],
        },
      ],
    },
  },
});

test("plans that do different things have different digests", () => {
  const base = { before: { a: 1 }, after: { a: 2 } };
  const digests = [
    planOf({ "acme_x.x": base }),
    planOf({ "acme_x.x": { ...base, importing: { id: "1" } } }),
    planOf({ "acme_x.x": { ...base, previous: "acme_x.y" } }),
    planOf({ "acme_x.x": { ...base, actions: ["delete", "create"] } }),
    planOf({ "acme_x.x": { ...base, actions: ["create", "delete"] } }),
    planOf({ "acme_x.x": { ...base, actions: ["create", "forget"] } }),
    planOf({ "acme_x.x": base }, { action_invocations: [{ address: "action.a.b", type: "a" }] }),
    planOf({ "acme_x.x": base }, withCommand("a")),
    planOf({ "acme_x.x": base }, withCommand("b")),
    planOf({ "acme_x.x": { before: { a: 1 }, actions: ["forget"] } }),
    planOf({ "acme_x.x": { before: { a: 1 }, actions: ["delete"] } }),
  ].map((plan) => reviewOf(plan, { stack: "s" }).digest);
  expect(new Set(digests).size).toBe(digests.length);
});
