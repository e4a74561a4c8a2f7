import { parsePolicy } from "../../../../packages/iam/document";
import { evaluate, type Policies } from "../../../../packages/iam/evaluate";
import { EncryptionKey } from "../../../../stacks/constructs/encryption/encryption-key";
import { decoded, settingsOf, synthEnvironment, synthFoundation, synthOf } from "../../../support/synth";

const ACCOUNT = settingsOf("prod").account;
const OTHER_ACCOUNT = "999999999999";
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/00000000-0000-0000-0000-000000000000`;

const foundation = synthFoundation("prod");
const environment = synthEnvironment("prod");
const documentOf = (text: unknown) => parsePolicy("policy", decoded(text as string));
const keyPolicy = documentOf(foundation.at("aws_kms_key.prod_key_us_east_1").policy);
const boundary = documentOf(foundation.at("aws_iam_policy.prod_workload").policy);

type Call = readonly [principal: string, action: string, context: Readonly<Record<string, string>>];

function result([principal, action, context]: Call, policies: Policies = {}): string {
  const type = principal.startsWith("arn:") ? "AWS" : "Service";
  const request = { action, resource: KEY, principal: `${type}:${principal}`, context } as const;
  return evaluate(request, { ...policies, resourcePolicy: keyPolicy }).result;
}

const MESSAGES = ["kms:Decrypt", "kms:GenerateDataKey"];
const from = (account: string, arn: string) => ({ "aws:sourceaccount": account, "aws:sourcearn": arn });
const uploads = environment.at("aws_s3_bucket.storage_uploads").bucket as string;
const logGroup = (account: string, name: string) => ({
  "kms:encryptioncontext:aws:logs:arn": `arn:aws:logs:us-east-1:${account}:log-group:${name}`,
});
const distribution = (account: string) => ({
  "aws:sourcearn": `arn:aws:cloudfront::${account}:distribution/E1`,
});
const LOG_ACTIONS = ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "DescribeKey"];

interface ServiceUse {
  readonly what: string;
  readonly service: string;
  readonly actions: readonly string[];
  /** What AWS tells KMS of the call. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Calls of KMS that services make on their own behalf for prod. */
const SERVICE_USES: readonly ServiceUse[] = [
  {
    what: "an alarm notifies the topic",
    service: "cloudwatch.amazonaws.com",
    actions: MESSAGES,
    context: from(ACCOUNT, `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:a`),
  },
  // EventBridge tells KMS of neither its account nor its rule.
  { what: "a rule notifies the topic", service: "events.amazonaws.com", actions: MESSAGES },
  {
    what: "a budget notifies the topic",
    service: "budgets.amazonaws.com",
    actions: MESSAGES,
    context: from(ACCOUNT, `arn:aws:budgets::${ACCOUNT}:budget/b`),
  },
  {
    what: "the bucket of uploads notifies the queue",
    service: "s3.amazonaws.com",
    actions: MESSAGES,
    context: from(ACCOUNT, `arn:aws:s3:::${uploads}`),
  },
  {
    what: "CloudFront reads a stream",
    service: "cloudfront.amazonaws.com",
    actions: ["kms:Decrypt"],
    context: distribution(ACCOUNT),
  },
  ...environment.of("aws_cloudwatch_log_group").map(({ name }) => ({
    what: `CloudWatch Logs stores ${name as string}`,
    service: "logs.us-east-1.amazonaws.com",
    actions: LOG_ACTIONS.map((action) => `kms:${action}`),
    context: logGroup(ACCOUNT, name as string),
  })),
];

test.each(SERVICE_USES)("the key lets in a service when $what", ({ service, actions, context = {} }) => {
  for (const action of actions)
    expect([action, result([service, action, context])]).toEqual([action, "allowed"]);
});

const FOREIGN_USES: readonly ServiceUse[] = [
  {
    what: "a budget of another account",
    service: "budgets.amazonaws.com",
    actions: MESSAGES,
    context: from(OTHER_ACCOUNT, `arn:aws:budgets::${OTHER_ACCOUNT}:budget/b`),
  },
  {
    what: "a bucket of another environment",
    service: "s3.amazonaws.com",
    actions: MESSAGES,
    context: from(ACCOUNT, "arn:aws:s3:::streamflow-other-uploads"),
  },
  {
    what: "a bucket of that name in another account",
    service: "s3.amazonaws.com",
    actions: MESSAGES,
    context: from(OTHER_ACCOUNT, `arn:aws:s3:::${uploads}`),
  },
  {
    what: "a distribution of another account",
    service: "cloudfront.amazonaws.com",
    actions: ["kms:Decrypt"],
    context: distribution(OTHER_ACCOUNT),
  },
  {
    what: "a log group of another account",
    service: "logs.us-east-1.amazonaws.com",
    actions: ["kms:Decrypt"],
    context: logGroup(OTHER_ACCOUNT, "/aws/lambda/a"),
  },
  {
    what: "CloudWatch Logs of another region",
    service: "logs.eu-west-1.amazonaws.com",
    actions: ["kms:Decrypt"],
    context: logGroup(ACCOUNT, "/aws/lambda/a"),
  },
  { what: "a service without data here", service: "glue.amazonaws.com", actions: ["kms:Decrypt"] },
];

test.each(FOREIGN_USES)("the key refuses $what", ({ service, actions, context = {} }) => {
  for (const action of actions) expect(result([service, action, context])).toBe("implicitly-denied");
});

const through = (service: string, account = ACCOUNT) => ({
  "kms:calleraccount": account,
  "kms:viaservice": `${service}.us-east-1.amazonaws.com`,
});

/** Roles of prod with their policies, and a service by which each uses encrypted data. */
const ROLE_USES: readonly (readonly [role: string, service: string, actions: readonly string[]])[] = [
  ["media_role", "s3", MESSAGES],
  ["media_role", "secretsmanager", ["kms:Decrypt"]],
  ["migrate_role", "secretsmanager", ["kms:Decrypt"]],
  ["processor_task_role", "s3", MESSAGES],
  ["processor_task_role", "sqs", ["kms:Decrypt"]],
  ["storage_replication_role", "s3", ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]],
  ["backups_role", "backup", ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"]],
  ["backups_role", "rds", ["kms:DescribeKey"]],
];

/** The policies of a role, as IAM evaluates them together with the key's. */
function policiesOf(role: string): Policies {
  const own = environment.resources.get(`aws_iam_role_policy.${role}_permissions`);
  expect(environment.at(`aws_iam_role.${role}`).permissions_boundary).toMatch(/workload-prod$/);
  return { identityPolicies: own === undefined ? [] : documentOf(own.policy), boundary };
}

const sessionOf = (role: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/session`;

test.each(ROLE_USES)("%s uses the key through %s, and not past it", (role, service, actions) => {
  for (const action of actions) {
    expect([action, result([sessionOf(role), action, through(service)], policiesOf(role))]).toEqual([
      action,
      "allowed",
    ]);
    const direct = { "kms:calleraccount": ACCOUNT };
    expect(result([sessionOf(role), action, direct], policiesOf(role))).toBe("implicitly-denied");
  }
});

test("a principal of another account does not use the key, even through a service", () => {
  const identityPolicies = parsePolicy("all", {
    Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*" }],
  });
  const stranger = `arn:aws:sts::${OTHER_ACCOUNT}:assumed-role/reader/session`;
  const call: Call = [stranger, "kms:Decrypt", through("s3", OTHER_ACCOUNT)];
  expect(result(call, { identityPolicies })).toBe("implicitly-denied");
});

/** What AWS asks KMS on behalf of the role that creates a resource. */
const CREATION_CALLS: readonly (readonly [service: string, actions: readonly string[]])[] = [
  ["backup", ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]],
  ["ecr", ["kms:CreateGrant", "kms:DescribeKey"]],
  ["elasticache", ["kms:CreateGrant", "kms:DescribeKey"]],
  ["rds", ["kms:CreateGrant", "kms:DescribeKey", "kms:GenerateDataKey"]],
  ["s3", ["kms:GenerateDataKey"]],
  ["secretsmanager", ["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"]],
];

test.each(CREATION_CALLS)("the apply role creates resources of %s with the key", (service, actions) => {
  const policies: Policies = {
    identityPolicies: documentOf(foundation.at("aws_iam_policy.prod_apply_permissions").policy),
    boundary: documentOf(foundation.at("aws_iam_policy.prod_boundary").policy),
  };
  for (const action of actions) {
    const context = { ...through(service), "kms:grantisforawsresource": "true" };
    expect(result([sessionOf("apply"), action, context], policies)).toBe("allowed");
  }
});

test("an administrator of the account changes the key, and does not decrypt with it", () => {
  const identityPolicies = parsePolicy("all", {
    Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*" }],
  });
  const answer = (action: string) =>
    result([sessionOf("administrator"), action, { "kms:calleraccount": ACCOUNT }], { identityPolicies });
  for (const action of ["kms:PutKeyPolicy", "kms:CreateAlias", "kms:EnableKeyRotation", "kms:TagResource"])
    expect([action, answer(action)]).toEqual([action, "allowed"]);
  for (const action of ["kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"])
    expect([action, answer(action)]).toEqual([action, "implicitly-denied"]);
  expect(result([sessionOf("reader"), "kms:PutKeyPolicy", {}], { identityPolicies: [] })).toBe(
    "implicitly-denied",
  );
});

const KEY_CHANGES = [
  ...["kms:DeleteAlias", "kms:DisableKey", "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:ScheduleKeyDeletion"],
  "kms:UpdateAlias",
];

test("the pipeline and the workloads can neither change the key's policy or alias nor end it", () => {
  const applyBoundary = documentOf(foundation.at("aws_iam_policy.prod_boundary").policy);
  const identityPolicies = parsePolicy("all", {
    Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*" }],
  });
  for (const action of KEY_CHANGES) {
    for (const limit of [applyBoundary, boundary]) {
      const policies = { identityPolicies, boundary: limit };
      expect(result([sessionOf("apply"), action, {}], policies)).toBe("explicitly-denied");
    }
  }
});

test("grants without a service are not made by the statement for services", () => {
  const context = { ...through("rds"), "kms:grantisforawsresource": "false" };
  expect(result([sessionOf("media_role"), "kms:CreateGrant", context], policiesOf("media_role"))).toBe(
    "implicitly-denied",
  );
});

test.each([true, false])("a key rotates, and is protected as its environment is: %s", (protect) => {
  const made = synthOf((stack) => {
    new EncryptionKey(stack, "key", {
      account: ACCOUNT,
      environment: "prod",
      region: "us-east-1",
      protect,
    });
  });
  expect(made.at("aws_kms_key.key")).toMatchObject({
    enable_key_rotation: true,
    deletion_window_in_days: 30,
    lifecycle: { prevent_destroy: protect },
  });
  expect(made.at("aws_kms_alias.key_alias")).toMatchObject({
    name: "alias/streamflow-prod",
    target_key_id: "${aws_kms_key.key.key_id}",
    lifecycle: { prevent_destroy: protect },
  });
});
