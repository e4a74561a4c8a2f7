import { areMet, type Context } from "../../../packages/iam/conditions";
import { conditionsOf } from "../../../packages/iam/document";

// Every operator as told at
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
const met = (condition: object | undefined, context: Context) =>
  areMet(conditionsOf(condition), context, (key) =>
    key === "aws:username" ? (context["aws:username"] as string | undefined) : undefined,
  );
const prefix = (...texts: string[]): Context => ({
  "s3:prefix": texts.length === 1 ? (texts[0] ?? "") : texts,
});
const QUEUE = "arn:aws:sqs:us-east-1:111122223333:media";

test.each<[string, object | undefined, Context, boolean]>([
  ["no condition", undefined, {}, true],
  ["one of several values", { StringEquals: { "s3:prefix": ["a", "b"] } }, prefix("b"), true],
  ["another value", { StringEquals: { "s3:prefix": "a" } }, prefix("ab"), false],
  ["a text in another case", { StringEquals: { "s3:prefix": "a" } }, prefix("A"), false],
  ["a text in any case", { StringEqualsIgnoreCase: { "s3:prefix": "a" } }, prefix("A"), true],
  [
    "a text that is excluded in any case",
    { StringNotEqualsIgnoreCase: { "s3:prefix": "a" } },
    prefix("A"),
    false,
  ],
  ["a wildcard", { StringLike: { "s3:prefix": "stream/*" } }, prefix("stream/1/"), true],
  ["a wildcard that is excluded", { StringNotLike: { "s3:prefix": "stream/*" } }, prefix("stream/1/"), false],
  ["a wildcard that is meant as it is written", { StringEquals: { "s3:prefix": "*" } }, prefix("a"), false],
  ["a key in another case", { StringLike: { "S3:Prefix": "stream/*" } }, { "s3:PREFIX": "stream/1/" }, true],
  ["another value where one is excluded", { StringNotEquals: { "s3:prefix": "a" } }, prefix("b"), true],
  ["the excluded value", { StringNotEquals: { "s3:prefix": ["a", "b"] } }, prefix("b"), false],
  [
    "one of two conditions",
    { StringEquals: { "s3:prefix": "a" }, Bool: { "aws:SecureTransport": true } },
    prefix("a"),
    false,
  ],
  ["one of two keys", { StringEquals: { "s3:prefix": "a", "s3:delimiter": "/" } }, prefix("a"), false],
  ["TLS", { Bool: { "aws:SecureTransport": "false" } }, { "aws:securetransport": "true" }, false],
  [
    "TLS in another case",
    { Bool: { "aws:SecureTransport": "True" } },
    { "aws:SecureTransport": "true" },
    true,
  ],
  [
    "a policy variable",
    { StringLike: { "s3:prefix": ["", "home/${aws:username}/*"] } },
    { "s3:prefix": "home/ann/x", "aws:username": "ann" },
    true,
  ],
  [
    "a policy variable without a value",
    { StringLike: { "s3:prefix": "home/${aws:username}/*" } },
    prefix("home/ann/x"),
    false,
  ],
])("a text: %s", (_what, condition, context, result) => {
  expect(met(condition, context)).toBe(result);
});

test.each<[object, string, boolean]>([
  [{ NumericEquals: "10" }, "10.0", true],
  [{ NumericNotEquals: "10" }, "10", false],
  [{ NumericLessThan: "10" }, "9", true],
  [{ NumericLessThan: "10" }, "10", false],
  [{ NumericLessThanEquals: "10" }, "10", true],
  [{ NumericGreaterThan: "9" }, "10", true],
  [{ NumericGreaterThanEquals: "10" }, "9.9", false],
  [{ NumericLessThan: "10" }, "many", false],
])("a number: %j and %s", (condition, found, result) => {
  const [[operator, value] = []] = Object.entries(condition) as [string, string][];
  expect(met({ [operator ?? ""]: { "s3:max-keys": value } }, { "s3:max-keys": found })).toBe(result);
});

test.each<[object, string, boolean]>([
  [{ DateEquals: "2026-01-01T00:00:00Z" }, "1767225600", true],
  [{ DateNotEquals: "2026-01-01" }, "2026-01-01T00:00:00Z", false],
  [{ DateLessThan: "2026-01-01T00:00:00Z" }, "2025-12-31T23:59:59Z", true],
  [{ DateLessThan: "2026-01-01T01:00:00+01:00" }, "2026-01-01T00:00:00Z", false],
  [{ DateLessThanEquals: "2026-01-01T01:00:00+01:00" }, "2026-01-01T00:00:00Z", true],
  [{ DateGreaterThan: "1767225600" }, "2026-01-01T00:00:01Z", true],
  [{ DateGreaterThanEquals: "2026" }, "2025-12-31T23:59:59Z", false],
  [{ DateGreaterThan: "2026" }, "soon", false],
])("a date: %j and %s", (condition, found, result) => {
  const [[operator, value] = []] = Object.entries(condition) as [string, string][];
  expect(met({ [operator ?? ""]: { "aws:CurrentTime": value } }, { "aws:CurrentTime": found })).toBe(result);
});

test.each<[object, string, boolean]>([
  [{ IpAddress: ["203.0.113.0/24", "2001:DB8:1234:5678::/64"] }, "203.0.113.255", true],
  [{ IpAddress: ["203.0.113.0/24", "2001:DB8:1234:5678::/64"] }, "2001:db8:1234:5678::1", true],
  [{ IpAddress: "203.0.113.0/24" }, "203.0.114.0", false],
  [{ IpAddress: "203.0.113.7" }, "203.0.113.7", true],
  [{ IpAddress: "203.0.113.7" }, "203.0.113.8", false],
  [{ NotIpAddress: "203.0.113.0/24" }, "203.0.113.1", false],
  [{ NotIpAddress: "203.0.113.0/24" }, "198.51.100.1", true],
  [{ IpAddress: "0.0.0.0/0" }, "nowhere", false],
])("an address: %j and %s", (condition, found, result) => {
  const [[operator, value] = []] = Object.entries(condition) as [string, string][];
  expect(met({ [operator ?? ""]: { "aws:SourceIp": value } }, { "aws:SourceIp": found })).toBe(result);
});

test.each(["ArnEquals", "ArnLike"])("%s compares ARNs by their segments, wildcards included", (operator) => {
  const source = { "aws:SourceArn": QUEUE };
  expect(met({ [operator]: { "aws:SourceArn": "arn:aws:sqs:*:111122223333:med?a" } }, source)).toBe(true);
  expect(met({ [operator]: { "aws:SourceArn": "arn:aws:*:media" } }, source)).toBe(false);
  expect(met({ [operator.replace("Arn", "ArnNot")]: { "aws:SourceArn": "arn:aws:sqs:*:*:*" } }, source)).toBe(
    false,
  );
});

test("bytes are compared, not their spelling in base 64", () => {
  const condition = { BinaryEquals: { key: "QmluYXJ5VmFsdWVJbkJhc2U2NA==" } };
  expect(met(condition, { key: "QmluYXJ5VmFsdWVJbkJhc2U2NA" })).toBe(true);
  expect(met(condition, { key: "QmluYXJ5" })).toBe(false);
});

test.each<[string, boolean]>([
  ["StringEquals", false],
  ["StringLike", false],
  ["NumericLessThan", false],
  ["Bool", false],
  ["IpAddress", false],
  ["ArnLike", false],
  ["StringNotEquals", true],
  ["StringNotLike", true],
  ["NumericNotEquals", true],
  ["DateNotEquals", true],
  ["NotIpAddress", true],
  ["ArnNotLike", true],
  ["StringEqualsIfExists", true],
  ["NumericLessThanIfExists", true],
  ["StringNotEqualsIfExists", true],
  ["ForAllValues:StringEquals", true],
  ["ForAllValues:StringNotEquals", true],
  ["ForAnyValue:StringEquals", false],
  ["ForAnyValue:StringNotEquals", false],
  ["ForAnyValue:StringEqualsIfExists", true],
])("%s of a key that the request does not have is %p", (operator, result) => {
  expect(met({ [operator]: { "aws:SourceIp": "1" } }, {})).toBe(result);
});

test("Null asks whether a key is there", () => {
  expect(met({ Null: { "s3:prefix": "true" } }, {})).toBe(true);
  expect(met({ Null: { "s3:prefix": "true" } }, prefix("a"))).toBe(false);
  expect(met({ Null: { "s3:prefix": false } }, prefix("a"))).toBe(true);
  expect(met({ Null: { "s3:prefix": false } }, {})).toBe(false);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
test.each<[string, string[], boolean]>([
  ["ForAllValues:StringEquals", ["a", "b"], true],
  ["ForAllValues:StringEquals", ["a", "z"], false],
  ["ForAnyValue:StringEquals", ["z", "b"], true],
  ["ForAnyValue:StringEquals", ["y", "z"], false],
  ["ForAllValues:StringNotEquals", ["y", "z"], true],
  ["ForAllValues:StringNotEquals", ["a", "z"], false],
  ["ForAnyValue:StringNotEquals", ["a", "z"], true],
  ["ForAnyValue:StringNotEquals", ["a", "b"], false],
  ["ForAllValues:StringLike", ["a1", "a2"], true],
])("%s of a and b, asked with %j", (operator, found, result) => {
  expect(met({ [operator]: { "aws:TagKeys": ["a", "b", "a?"] } }, { "aws:TagKeys": found })).toBe(result);
});
