import {
  accessChange,
  accessFindings,
  accountsOf,
  describe as told,
  describeLost,
} from "../../../packages/plan-review/access";
import { changes, planOf, type Planted } from "./plans";

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: unknown, Resource: unknown = "*", more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const ROLE = "aws_iam_role_policy.media_role_permissions";

function reviewed(planted: Readonly<Record<string, Planted>>) {
  const change = accessChange(changes(planted));
  return { ...change, findings: accessFindings(change) };
}

test("lists what a role gains and loses, by action and resource", () => {
  const { gained, lost } = reviewed({
    [ROLE]: {
      before: { role: "media", policy: policy(allow(["sqs:SendMessage", "s3:GetObject"], "arn:q")) },
      after: { role: "media", policy: policy(allow(["sqs:SendMessage"], ["arn:q", "arn:r"])) },
    },
  });
  expect(gained.map((grant) => `${grant.principal} ${told(grant)}`)).toEqual([
    "media may sqs:SendMessage on arn:r",
  ]);
  expect(lost.map((grant) => `${grant.principal} ${describeLost(grant)}`)).toEqual([
    "media may no longer s3:GetObject on arn:q",
  ]);
});

test("a permission that moves from one policy of a role to another is neither gained nor lost", () => {
  const right = { role: "media", policy: policy(allow("s3:GetObject", "arn:b/*")) };
  expect(
    reviewed({ "aws_iam_role_policy.a": { before: right }, "aws_iam_role_policy.b": { after: right } }),
  ).toMatchObject({
    gained: [],
    lost: [],
  });
});

test.each([
  ["every action", policy(allow("*"))],
  ["every action of a service", policy(allow("s3:*", "arn:b"))],
])("%s blocks the plan", (_, wide) => {
  const { findings } = reviewed({
    [ROLE]: { before: { role: "m", policy: policy() }, after: { role: "m", policy: wide } },
  });
  expect(findings).toMatchObject([{ severity: "block", rule: "access-gained", address: ROLE }]);
});

test("a public principal blocks the plan, unless there is a condition", () => {
  const bucket = (more: object) => ({
    "aws_s3_bucket_policy.b": {
      before: { policy: policy() },
      after: { policy: policy(allow("s3:GetObject", "arn:b/*", { Principal: "*", ...more })) },
    },
  });
  expect(reviewed(bucket({})).findings).toMatchObject([
    { severity: "block", title: expect.stringMatching(/^anyone may s3:GetObject/) as string },
  ]);
  expect(
    reviewed(bucket({ Condition: { StringEquals: { "aws:SourceAccount": "1" } } })).findings,
  ).toMatchObject([{ severity: "review" }]);
});

test.each([
  ["AdministratorAccess", "aws_iam_role_policy_attachment.a", { role: "app" }],
  ["PowerUserAccess", "aws_iam_user_policy_attachment.a", { user: "bob" }],
  ["IAMFullAccess", "aws_iam_group_policy_attachment.a", { group: "ops" }],
  ["AdministratorAccess", "aws_iam_policy_attachment.a", { groups: ["ops"] }],
])("%s attached by %s blocks the plan", (name, address, owner) => {
  const after = { ...owner, policy_arn: `arn:aws:iam::aws:policy/${name}` };
  expect(reviewed({ [address]: { after } }).findings).toMatchObject([{ severity: "block", address }]);
});

test("a narrow policy of AWS on a new role is for information, and what a role has when it is made counts as well", () => {
  const narrow = {
    role: "app",
    policy_arn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
  };
  expect(reviewed({ "aws_iam_role_policy_attachment.a": { after: narrow } }).findings).toMatchObject([
    { severity: "info" },
  ]);
  const managed = { managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
  expect(reviewed({ "aws_iam_role.r": { after: managed } }).findings).toMatchObject([{ severity: "block" }]);
  const unknown = { after: {}, after_unknown: { managed_policy_arns: true, inline_policy: true } };
  expect(reviewed({ "aws_iam_role.r": unknown }).findings).toEqual([]);
});

const call = (source: object) => {
  const right = { action: "lambda:InvokeFunction", function_name: "f" };
  return {
    "aws_lambda_permission.p": {
      before: { ...right, principal: "s3.amazonaws.com" },
      after: { ...right, principal: "*", source_arn: null, ...source },
    },
  };
};

test("a function permission with a null source is public, one with a source is not", () => {
  expect(reviewed(call({})).findings).toMatchObject([{ severity: "block" }]);
  expect(reviewed(call({ source_arn: "arn:aws:s3:::uploads" })).findings).toMatchObject([
    { severity: "review" },
  ]);
  expect(reviewed(call({ source_account: "111122223333" })).findings).toMatchObject([{ severity: "review" }]);
});

test("NotPrincipal with Allow blocks the plan, and so does NotAction", () => {
  const but = { Effect: "Allow", NotPrincipal: { AWS: "arn:aws:iam::1:root" }, Action: "s3:GetObject" };
  expect(
    reviewed({ "aws_s3_bucket_policy.b": { after: { policy: policy({ ...but, Resource: "arn:b/*" }) } } })
      .findings,
  ).toMatchObject([
    { severity: "block", title: expect.stringMatching(/^anyone except arn:aws:iam::1:root may/) as string },
  ]);
  const all = { Effect: "Allow", NotAction: "iam:*", Resource: "*" };
  expect(reviewed({ [ROLE]: { after: { role: "m", policy: policy(all) } } }).findings).toMatchObject([
    { severity: "block", title: "m may everything except iam:* on *" },
  ]);
});

test("another account in a new policy needs review, the plan's own does not", () => {
  const open = (account: string) => ({
    "aws_sqs_queue_policy.q": {
      after: {
        queue_url: "q",
        policy: policy(allow("sqs:SendMessage", "arn:q", { Principal: { AWS: account } })),
      },
    },
  });
  const severities = (account: string) =>
    accessFindings(accessChange(changes(open(account)), { ownAccounts: new Set(["111122223333"]) })).map(
      ({ severity }) => severity,
    );
  expect(severities("arn:aws:iam::999988887777:root")).toEqual(["review"]);
  expect(severities("999988887777")).toEqual(["review"]);
  expect(severities("arn:aws:iam::111122223333:role/media")).toEqual(["info"]);
});

test("a plan's accounts are those of its providers and of its existing resources", () => {
  const plan = planOf(
    { "aws_sqs_queue.q": { before: { arn: "arn:aws:sqs:us-east-1:222222222222:q" } } },
    {
      configuration: {
        provider_config: {
          aws: { expressions: { allowed_account_ids: { constant_value: ["111122223333"] } } },
        },
      },
    },
  );
  expect([...accountsOf(plan)]).toEqual(["111122223333", "222222222222"]);
});

test("a permission on one resource does not hide the same permission on another", () => {
  const key = (AWS: string) => ({ policy: policy(allow("kms:Decrypt", "*", { Principal: { AWS } })) });
  const { gained } = reviewed({
    "aws_kms_key.a": { before: { ...key("arn:two"), n: 1 }, after: { ...key("arn:two"), n: 2 } },
    "aws_kms_key.b": { before: key("arn:one"), after: key("arn:two") },
  });
  expect(gained).toMatchObject([{ principal: "arn:two", address: "aws_kms_key.b" }]);
});

test("a bucket policy that only moves to another address grants nothing", () => {
  const open = { bucket: "b", policy: policy(allow("s3:GetObject", "arn:b/*", { Principal: "*" })) };
  expect(
    reviewed({ "aws_s3_bucket_policy.old": { before: open }, "aws_s3_bucket_policy.new": { after: open } }),
  ).toMatchObject({ gained: [], lost: [] });
});

test("a sensitive policy is evaluated, and its content is not shown", () => {
  const secret = { policy: policy(allow("s3:GetObject", "arn:hidden/*", { Principal: "*" })) };
  const { gained, findings } = reviewed({
    "aws_s3_bucket_policy.b": {
      before: { policy: policy() },
      after: secret,
      after_sensitive: { policy: true },
    },
  });
  expect(findings).toMatchObject([{ severity: "block", address: "aws_s3_bucket_policy.b" }]);
  expect(JSON.stringify([gained, findings])).not.toMatch(/GetObject|hidden|anyone/);
});

test("a removed Deny is a gain, and an added one is a loss", () => {
  const deny = { Effect: "Deny", Action: "s3:*", Resource: "arn:b", Principal: "*" };
  const [on, off] = [{ policy: policy(deny) }, { policy: policy() }];
  const gone = reviewed({ "aws_s3_bucket_policy.b": { before: on, after: off } });
  expect(gone.gained.map((grant) => told(grant))).toEqual(["is no longer denied s3:* on arn:b"]);
  expect(gone.findings[0]?.severity).not.toBe("info");
  expect(reviewed({ "aws_s3_bucket_policy.b": { before: off, after: on } })).toMatchObject({
    gained: [],
    findings: [],
  });
});

test("permissions of a new role are information, those of an existing role need review", () => {
  const narrow = { role: "m", policy: policy(allow("s3:GetObject", "arn:b/*")) };
  expect(reviewed({ [ROLE]: { after: narrow } }).findings).toMatchObject([{ severity: "info" }]);
  expect(
    reviewed({ [ROLE]: { before: { role: "m", policy: policy() }, after: narrow } }).findings,
  ).toMatchObject([{ severity: "review" }]);
});

test("a removed boundary and a widened trust policy are reported", () => {
  const trust = (...AWS: string[]) =>
    policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS } });
  const { gained } = reviewed({
    "aws_iam_role.r": {
      before: { assume_role_policy: trust("arn:one"), permissions_boundary: "arn:boundary" },
      after: { assume_role_policy: trust("arn:one", "arn:two"), permissions_boundary: null },
    },
  });
  expect(gained.map((grant) => `${grant.principal} ${told(grant)}`)).toEqual([
    "arn:two may sts:AssumeRole on aws_iam_role.r",
    "aws_iam_role.r is no longer denied actions beyond its boundary arn:boundary on *",
  ]);
});

test("an accepted wide policy needs review, any other blocks the plan", () => {
  const wide = { policy: policy(allow("s3:*")) };
  const findings = (name: string) => {
    const access = accessChange(changes({ [`aws_iam_policy.${name}`]: { after: wide } }), {
      acceptedWideAccess: ["aws_iam_policy.*_apply_permissions"],
    });
    return accessFindings(access);
  };
  expect(findings("dev_apply_permissions")).toMatchObject([{ severity: "review" }]);
  expect(findings("dev_plan_permissions")).toMatchObject([{ severity: "block" }]);
});
