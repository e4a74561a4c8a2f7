import fc from "fast-check";
import { areMet, conditionFault, type Context } from "../../../packages/iam/conditions";
import { conditionsOf } from "../../../packages/iam/document";

// Every operator of
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

// Whether a smaller, an equal and a larger request value meet the condition.
describe.each<[operator: string, smaller: boolean, same: boolean, larger: boolean]>([
  ["Equals", false, true, false],
  ["NotEquals", true, false, true],
  ["LessThan", true, false, false],
  ["LessThanEquals", true, true, false],
  ["GreaterThan", false, false, true],
  ["GreaterThanEquals", false, true, true],
])("%s of", (operator, ...results) => {
  test.each([
    ["Numeric", "10", ["9.9", "10.0", "11"]],
    ["Date", "2026-01-01T00:00:00Z", ["2025-12-31T23:59:59Z", "1767225600", "2026-01-01T00:00:01Z"]],
  ])("%s %s", (kind, value, found) => {
    const condition = { [`${kind}${operator}`]: { key: value } };
    expect(found.map((one) => met(condition, { key: one }))).toEqual(results);
  });
});

test.each(["NumericLessThan", "NumericGreaterThan", "DateLessThan", "DateGreaterThan"])(
  "%s is not met by what is neither a number nor a date",
  (operator) => {
    expect(met({ [operator]: { key: "2026" } }, { key: "soon" })).toBe(false);
  },
);

// https://www.w3.org/TR/NOTE-datetime
test.each([
  "2026",
  "2026-01",
  "2026-01-01",
  "2026-01-01T00:00Z",
  "2026-01-01T01:00+01:00",
  "2025-12-31T23:00:00-01:00",
  "2026-01-01T00:00:00.0Z",
  "2026-01-01T00:00:00.000Z",
  "1767225600",
])("%s is the beginning of 2026", (date) => {
  expect(met({ DateEquals: { "aws:CurrentTime": date } }, { "aws:CurrentTime": "2026-01-01" })).toBe(true);
});

test.each<[operator: string, value: string, isTaken: boolean]>([
  ["StringEquals", "", true],
  ["stringlikeifexists", "*", true],
  ["foranyvalue:stringlike", "*", true],
  ["StringEqual", "a", false],
  ["StringIfExistsEquals", "a", false],
  ["SomeValues:StringEquals", "a", false],
  ["Null", "True", true],
  ["Null", "${aws:username}", false],
  ["NullIfExists", "true", false],
  ["Bool", "${aws:MultiFactorAuthPresent}", true],
  ["Bool", "FALSE", true],
  ["Bool", "untrue", false],
  ["Bool", "falsely", false],
  ["NumericEquals", "-1.5", true],
  ["NumericEquals", "", false],
  ["NumericEquals", " ", false],
  ["DateEquals", "Jan 1 2026", false],
  ["DateEquals", "2026-01-01 10:00", false],
  ["DateEquals", "2026-01-01T10:00:00", false],
  ["DateEquals", "0.12345", false],
  ["DateEquals", "12345.6", false],
  ["IpAddress", "nowhere", false],
  ["IpAddress", "10.0.0.0/8", true],
  ["IpAddress", "10.0.0.0/8x", false],
  ["IpAddress", "10.0.0/8.1", false],
  ["IpAddress", "10.0.0.0/33", false],
  ["IpAddress", "2001:db8::/128", true],
  ["IpAddress", "2001:db8::/129", false],
])("%s of %j is taken by IAM: %p", (operator, value, isTaken) => {
  const fault = conditionFault({ operator, key: "key", values: [value] });
  expect(fault === undefined).toBe(isTaken);
});

test("an operator that does not exist is met by nothing, and named", () => {
  expect(() => met({ StringEqual: { key: "a" } }, { key: "a" })).toThrow(
    new Error("unknown condition operator StringEqual"),
  );
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
  [{ IpAddress: "10.0.0.0/33" }, "10.0.0.1", false],
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

test("Null checks whether a key exists", () => {
  expect(met({ Null: { "s3:prefix": "true" } }, {})).toBe(true);
  expect(met({ Null: { "s3:prefix": "true" } }, prefix("a"))).toBe(false);
  expect(met({ Null: { "s3:prefix": false } }, prefix("a"))).toBe(true);
  expect(met({ Null: { "s3:prefix": false } }, {})).toBe(false);
  expect(met({ Null: { "s3:prefix": "true" } }, { "s3:delimiter": "/" })).toBe(true);
  expect(met({ Null: { "s3:prefix": ["true", "false"] } }, {})).toBe(true);
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

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
test.each([
  ["StringEquals", "StringNotEquals"],
  ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
  ["StringLike", "StringNotLike"],
  ["NumericEquals", "NumericNotEquals"],
  ["ArnEquals", "ArnNotEquals"],
  ["ArnLike", "ArnNotLike"],
])("%s is met exactly where %s is not", (positive, negative) => {
  const values = fc.array(fc.constantFrom("1", "2", "a", "A", "b*", "*"), { maxLength: 3 });
  fc.assert(
    fc.property(values, values, (key, found) => {
      const context = { key: found };
      expect(met({ [negative]: { key } }, context)).toBe(!met({ [positive]: { key } }, context));
    }),
  );
});
