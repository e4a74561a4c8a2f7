import { allowsRead } from "../../../../packages/embedded-aws/edge/origins";

const DISTRIBUTION = "arn:aws:cloudfront::111122223333:distribution/D";
const OBJECT = { bucket: "files", key: "static/a.css" };
const allow = {
  Effect: "Allow",
  Principal: { Service: "cloudfront.amazonaws.com" },
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::files/static/*",
  Condition: { StringEquals: { "AWS:SourceArn": DISTRIBUTION } },
};
const allows = (...Statement: object[]) =>
  allowsRead(JSON.stringify({ Version: "2012-10-17", Statement }), { arn: DISTRIBUTION }, OBJECT);

// The policies of https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
test.each([
  ["as AWS's page writes it", {}],
  ["the key in another case", { Condition: { StringEquals: { "aws:sourcearn": DISTRIBUTION } } }],
  [
    "an ARN with a wildcard",
    { Condition: { ArnLike: { "aws:SourceArn": `${DISTRIBUTION.slice(0, -1)}*` } } },
  ],
  ["the distribution's account", { Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } } }],
  ["all reads", { Action: ["s3:Get*"], Resource: "arn:aws:s3:::files/*" }],
])("a distribution may read a bucket by %s", (_what, statement) => {
  expect(allows({ ...allow, ...statement })).toBe(true);
});

test.each([
  ["another distribution", { Condition: { StringEquals: { "AWS:SourceArn": `${DISTRIBUTION}2` } } }],
  ["another account", { Condition: { StringEquals: { "aws:SourceAccount": "999988887777" } } }],
  [
    "this distribution with another condition that is not met",
    { Condition: { ...allow.Condition, Bool: { "aws:SecureTransport": "false" } } },
  ],
  ["another service", { Principal: { Service: "logging.s3.amazonaws.com" } }],
  ["writes", { Action: "s3:PutObject" }],
  ["other objects", { Resource: "arn:aws:s3:::files/private/*" }],
])("a statement for %s does not let it read", (_what, statement) => {
  expect(allows({ ...allow, ...statement })).toBe(false);
});

test("a Deny next to the Allow rejects it", () => {
  const deny = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    NotResource: "arn:aws:s3:::files/static/public/*",
  };
  expect(allows(allow, deny)).toBe(false);
});
