import { Value } from "../../../packages/terraform/value";
import { type Context, isMet } from "../../../packages/iam/conditions";

const met = (condition: object | undefined, context: Context) => isMet(new Value(condition), context);
const prefix = (text: string): Context => ({ "s3:prefix": text });

test.each([
  ["no condition", undefined, {}, true],
  ["one of several values", { StringEquals: { "s3:prefix": ["a", "b"] } }, prefix("b"), true],
  ["another value", { StringEquals: { "s3:prefix": "a" } }, prefix("ab"), false],
  ["a wildcard", { StringLike: { "s3:prefix": "stream/*" } }, prefix("stream/1/"), true],
  ["a wildcard that is meant as it is written", { StringEquals: { "s3:prefix": "*" } }, prefix("a"), false],
  ["a key in another case", { StringLike: { "S3:Prefix": "stream/*" } }, prefix("stream/1/"), true],
  ["a key that is not there", { StringLike: { "s3:prefix": "*" } }, {}, false],
  ["a key that need not be there", { StringLikeIfExists: { "s3:prefix": "a" } }, {}, true],
  ["a key that must not be there", { Null: { "s3:prefix": "true" } }, prefix("a"), false],
  ["another value where one is excluded", { StringNotEquals: { "s3:prefix": "a" } }, prefix("b"), true],
  ["the excluded value", { StringNotEquals: { "s3:prefix": ["a", "b"] } }, prefix("b"), false],
  ["TLS", { Bool: { "aws:SecureTransport": "false" } }, { "aws:securetransport": "true" }, false],
  [
    "one of two conditions",
    { StringEquals: { "s3:prefix": "a" }, Bool: { "aws:SecureTransport": true } },
    prefix("a"),
    false,
  ],
  ["an operator that is not known", { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }, {}, undefined],
])("%s", (_what, condition, context, result) => {
  expect(met(condition, context)).toBe(result);
});
