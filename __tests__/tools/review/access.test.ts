import { accessChange, accessFindings, describe as told } from "../../../tools/review/access";
import { changes, type Planted } from "./plans";

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

test("tells what a role gains and loses, action by action and resource by resource", () => {
  const { gained, lost } = reviewed({
    [ROLE]: {
      before: { role: "media", policy: policy(allow(["sqs:SendMessage", "s3:GetObject"], "arn:q")) },
      after: { role: "media", policy: policy(allow(["sqs:SendMessage"], ["arn:q", "arn:r"])) },
    },
  });
  expect(gained.map((grant) => `${grant.principal} ${told(grant)}`)).toEqual([
    "media may sqs:SendMessage on arn:r",
  ]);
  expect(lost.map((grant) => `${grant.principal} ${told(grant, true)}`)).toEqual([
    "media may no longer s3:GetObject on arn:q",
  ]);
});

test("a right that moves from one policy of a role to another is neither gained nor lost", () => {
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
])("%s is a stop", (_, wide) => {
  const { findings } = reviewed({
    [ROLE]: { before: { role: "m", policy: policy() }, after: { role: "m", policy: wide } },
  });
  expect(findings).toMatchObject([{ severity: "stop", rule: "access-gained", address: ROLE }]);
});

test("anybody is a stop, unless there is a condition", () => {
  const bucket = (more: object) => ({
    "aws_s3_bucket_policy.b": {
      before: { policy: policy() },
      after: { policy: policy(allow("s3:GetObject", "arn:b/*", { Principal: "*", ...more })) },
    },
  });
  expect(reviewed(bucket({})).findings).toMatchObject([
    { severity: "stop", title: expect.stringMatching(/^anybody may s3:GetObject/) as string },
  ]);
  expect(
    reviewed(bucket({ Condition: { StringEquals: { "aws:SourceAccount": "1" } } })).findings,
  ).toMatchObject([{ severity: "look" }]);
});

test("a refusal that goes is gained, and one that comes is lost", () => {
  const deny = { Effect: "Deny", Action: "s3:*", Resource: "arn:b", Principal: "*" };
  const [on, off] = [{ policy: policy(deny) }, { policy: policy() }];
  const gone = reviewed({ "aws_s3_bucket_policy.b": { before: on, after: off } });
  expect(gone.gained.map((grant) => told(grant))).toEqual(["is no longer refused s3:* on arn:b"]);
  expect(gone.findings[0]?.severity).not.toBe("info");
  expect(reviewed({ "aws_s3_bucket_policy.b": { before: off, after: on } })).toMatchObject({
    gained: [],
    findings: [],
  });
});

test("rights of a role that is made with them are for information, those of a role that is there are for a look", () => {
  const narrow = { role: "m", policy: policy(allow("s3:GetObject", "arn:b/*")) };
  expect(reviewed({ [ROLE]: { after: narrow } }).findings).toMatchObject([{ severity: "info" }]);
  expect(
    reviewed({ [ROLE]: { before: { role: "m", policy: policy() }, after: narrow } }).findings,
  ).toMatchObject([{ severity: "look" }]);
});

test("a boundary that is taken off, and a trust that is widened, are told", () => {
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
    "aws_iam_role.r is no longer refused more than its boundary arn:boundary on *",
  ]);
});

test("the roles of the pipeline are wide on purpose: a look, no stop", () => {
  const wide = { policy: policy(allow("s3:*")) };
  expect(reviewed({ "aws_iam_policy.dev_apply_permissions": { after: wide } }).findings).toMatchObject([
    { severity: "look" },
  ]);
});
