import { markdown } from "../../../packages/plan-review/markdown";
import { type Review, reviewOf } from "../../../packages/plan-review/review";
import { planOf, type Planted } from "./plans";

/** Changes that an attacker would hide in a plan, or that a tired reviewer would miss. */
type Attack = readonly [Review["verdict"], string, string, Planted];

const policy = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const OTHER = "arn:aws:iam::999988887777:root";
const rolePolicy = (Action: string, more: object = { Resource: "arn:aws:iam::111122223333:role/x" }) => ({
  after: { role: "r", policy: policy({ Effect: "Allow", Action, ...more }) },
});
const EVERYWHERE = { Resource: "*" };
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const layer = (account: string, version: number): string =>
  `arn:aws:lambda:us-east-1:${account}:layer:tools:${version}`;
const code = (layers: string[]) => ({ function_name: "f", layers });
const task = (image: string) => ({
  family: "t",
  container_definitions: JSON.stringify([{ name: "a", image }]),
});
const ECR = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
const rule = (name: string, priority: number, action: string) => ({
  name,
  priority,
  action: [{ [action]: [{}] }],
  statement: [],
});

const attacks: readonly Attack[] = [
  ["blocked", "every action with another sign", "aws_iam_role_policy.p", rolePolicy("?*:*", EVERYWHERE)],
  ["blocked", "a service with another sign", "aws_iam_role_policy.p", rolePolicy("i?m:*", EVERYWHERE)],
  ["needs-review", "a wildcard that contains PassRole", "aws_iam_role_policy.p", rolePolicy("iam:P*")],
  ["needs-review", "a wildcard that contains AssumeRole", "aws_iam_role_policy.p", rolePolicy("sts:*Role")],
  [
    "needs-review",
    "everything but one bucket",
    "aws_iam_policy.p",
    rolePolicy("s3:GetObject", { NotResource: "arn:aws:s3:::x/*" }),
  ],
  [
    "blocked",
    "a trust of everyone who knows an id",
    "aws_iam_role.r",
    {
      after: {
        name: "r",
        assume_role_policy: policy({
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { AWS: "*" },
          Condition: { StringEquals: { "sts:ExternalId": "abc" } },
        }),
      },
    },
  ],
  [
    "needs-review",
    "a service for the resources of every account",
    "aws_lambda_permission.p",
    { after: { action: "lambda:InvokeFunction", function_name: "f", principal: "s3.amazonaws.com" } },
  ],
  [
    "safe",
    "a service for a resource of one account",
    "aws_lambda_permission.p",
    {
      after: {
        action: "lambda:InvokeFunction",
        function_name: "f",
        principal: "s3.amazonaws.com",
        source_arn: "arn:aws:s3:::b",
      },
    },
  ],
  [
    "needs-review",
    "an identity provider",
    "aws_iam_openid_connect_provider.p",
    { after: { url: "https://login.example", client_id_list: ["sts.amazonaws.com"] } },
  ],
  [
    "needs-review",
    "other metadata of an identity provider",
    "aws_iam_saml_provider.p",
    {
      before: { name: "p", saml_metadata_document: "<a/>" },
      after: { name: "p", saml_metadata_document: "<b/>" },
    },
  ],
  [
    "needs-review",
    "a delegation of a name",
    "aws_route53_record.r",
    { after: { name: "shop", type: "NS", records: ["ns.example"], zone_id: "z" } },
  ],
  [
    "safe",
    "a new name for an address",
    "aws_route53_record.r",
    { after: { name: "shop", type: "A", records: ["192.0.2.1"], zone_id: "z" } },
  ],
  [
    "needs-review",
    "addresses that can't be read",
    "aws_security_group_rule.r",
    {
      after: { type: "ingress", cidr_blocks: ["000.0.0.0/00"], from_port: 22, to_port: 22, protocol: "tcp" },
    },
  ],
  [
    "needs-review",
    "a layer of another account",
    "aws_lambda_function.f",
    { before: code([layer("111122223333", 1)]), after: code([layer("999988887777", 1)]) },
  ],
  [
    "safe",
    "another version of a layer",
    "aws_lambda_function.f",
    { before: code([layer("111122223333", 1)]), after: code([layer("111122223333", 2)]) },
  ],
  [
    "needs-review",
    "an image of another registry",
    "aws_ecs_task_definition.t",
    { actions: ["create", "delete"], before: task(`${ECR}/a:1`), after: task("someone/a:1") },
  ],
  [
    "safe",
    "another version of an image",
    "aws_ecs_task_definition.t",
    { actions: ["create", "delete"], before: task(`${ECR}/a:1`), after: task(`${ECR}/a:2`) },
  ],
  [
    "blocked",
    "a custom role with all actions",
    "azurerm_role_definition.r",
    { after: { name: "r", scope: "/subscriptions/1", permissions: [{ actions: ["*"] }] } },
  ],
  [
    "needs-review",
    "a custom role that acts as others",
    "google_project_iam_custom_role.r",
    { after: { role_id: "r", title: "r", permissions: ["iam.serviceAccounts.actAs"] } },
  ],
  [
    "needs-review",
    "a grant of a key to another account",
    "aws_kms_grant.g",
    { after: { key_id: "k", grantee_principal: OTHER, operations: ["Decrypt"] } },
  ],
  [
    "blocked",
    "a queue for everyone but one",
    "aws_sqs_queue_policy.p",
    {
      after: {
        queue_url: "q",
        policy: policy({
          Effect: "Allow",
          NotPrincipal: { AWS: "111122223333" },
          Action: "sqs:*",
          Resource: "*",
        }),
      },
    },
  ],
  [
    "needs-review",
    "rules of a firewall in another order",
    "aws_wafv2_web_acl.w",
    {
      before: { name: "w", rule: [rule("stop", 1, "block"), rule("pass", 2, "allow")] },
      after: { name: "w", rule: [rule("pass", 1, "allow"), rule("stop", 2, "block")] },
    },
  ],
  [
    "needs-review",
    "a list of addresses that becomes the internet",
    "aws_ec2_managed_prefix_list.p",
    {
      before: { name: "p", entry: [{ cidr: "10.0.0.0/8" }] },
      after: { name: "p", entry: [{ cidr: "0.0.0.0/0" }] },
    },
  ],
  [
    "needs-review",
    "code at the edge",
    "aws_cloudfront_function.f",
    { before: { name: "f", code: "a" }, after: { name: "f", code: "b" } },
  ],
  [
    "needs-review",
    "sign-up by everyone",
    "aws_cognito_user_pool.p",
    {
      before: { name: "p", admin_create_user_config: [{ allow_admin_create_user_only: true }] },
      after: { name: "p", admin_create_user_config: [{ allow_admin_create_user_only: false }] },
    },
  ],
  [
    "blocked",
    "an import that opens a port",
    "aws_security_group.s",
    {
      importing: { id: "sg-1" },
      before: { ingress: [] },
      after: { ingress: [{ from_port: 22, to_port: 22, protocol: "tcp", cidr_blocks: ["0.0.0.0/0"] }] },
    },
  ],
  [
    "blocked",
    "a moved database that is replaced",
    "aws_db_instance.new",
    {
      previous: "aws_db_instance.old",
      actions: ["delete", "create"],
      before: { identifier: "a" },
      after: { identifier: "b" },
      replace_paths: [["identifier"]],
    },
  ],
  [
    "needs-review",
    "groups of a cluster for another account",
    "aws_eks_access_entry.e",
    { after: { cluster_name: "c", principal_arn: OTHER, kubernetes_groups: ["system:masters"] } },
  ],
  [
    "needs-review",
    "less that an organization forbids",
    "aws_organizations_policy.p",
    {
      before: { name: "p", content: policy({ Effect: "Deny", Action: "*", Resource: "*" }) },
      after: { name: "p", content: policy({ Effect: "Deny", Action: "s3:*", Resource: "*" }) },
    },
  ],
  [
    "blocked",
    "an address that is hidden as sensitive",
    "aws_vpc_security_group_ingress_rule.r",
    {
      after: { cidr_ipv4: "0.0.0.0/0", from_port: 5432, to_port: 5432, ip_protocol: "tcp" },
      after_sensitive: { cidr_ipv4: true },
    },
  ],
];

test.each(attacks)("%s: %s", (expected, _, address, planted) => {
  expect(reviewOf(planOf({ [address]: planted }), { stack: "s" }).verdict).toBe(expected);
});

const SECRET = "s3cr3tPassw0rd";
const SCRIPT = `#!/bin/sh\nexport DB_PASSWORD=${SECRET}\n`;

test.each<readonly [string, string, Planted]>([
  [
    "a parameter that is no longer encrypted",
    "aws_ssm_parameter.p",
    { before: { type: "SecureString", value: SECRET }, after: { type: "String", value: SECRET } },
  ],
  [
    "YAML of a machine",
    "aws_instance.i",
    {
      before: { user_data: "a" },
      after: { user_data: `#cloud-config\nwrite_files:\n- content: |\n    db:\n      password: ${SECRET}\n` },
    },
  ],
  [
    "a script in base64",
    "aws_launch_template.l",
    { before: { user_data: "a" }, after: { user_data: base64(SCRIPT) } },
  ],
  [
    "JSON in base64",
    "aws_s3_object.o",
    {
      after: {
        bucket: "b",
        key: "c.json",
        content_base64: base64(JSON.stringify({ client_secret: SECRET })),
      },
    },
  ],
  [
    "a value whose mark is removed",
    "acme_db.d",
    { before: { conn: "a" }, after: { conn: SECRET }, before_sensitive: { conn: true } },
  ],
])("%s shows no secret, and is called out", (_, address, planted) => {
  const review = reviewOf(planOf({ [address]: planted }), { stack: "s" });
  const comment = markdown([review], { longest: 65_536 });
  expect(review.verdict).toMatch(/needs-review|blocked/);
  expect(comment).not.toContain(SECRET);
  expect(comment).not.toContain(base64(SCRIPT).slice(0, 40));
  expect(comment).not.toContain(base64(SECRET).slice(0, 12));
});
