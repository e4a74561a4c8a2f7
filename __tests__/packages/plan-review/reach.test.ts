import { conditionsOf } from "../../../packages/iam/document";
import { letsTheWorldIn } from "../../../packages/plan-review/reach";

const open = (principal: string, condition?: object) => letsTheWorldIn(principal, conditionsOf(condition));

test.each<[string, object | undefined]>([
  ["no condition", undefined],
  ["an empty one", {}],
  ["TLS", { Bool: { "aws:SecureTransport": "true" } }],
  ["a source that is null", { ArnLike: { "aws:SourceArn": null } }],
  ["any source", { ArnLike: { "aws:SourceArn": "*" } }],
  ["any bucket", { ArnLike: { "aws:SourceArn": "arn:aws:s3:::*" } }],
  ["a topic of any account", { ArnLike: { "aws:SourceArn": "arn:aws:sns:us-east-1:*:topic" } }],
  [
    "one of several, one of which is anybody",
    { StringLike: { "aws:PrincipalArn": ["arn:aws:iam::1:role/a", "*"] } },
  ],
  ["every address", { IpAddress: { "aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"] } }],
  ["every address of IPv6", { IpAddress: { "aws:SourceIp": "::/0" } }],
  ["all but one account", { StringNotEquals: { "aws:PrincipalAccount": "111122223333" } }],
  ["a key only where it is there", { StringEqualsIfExists: { "aws:SourceAccount": "111122223333" } }],
  [
    "every value of a key that may be missing",
    { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-1" } },
  ],
  ["a referer", { StringLike: { "aws:Referer": "https://example.com/*" } }],
])("a wildcard principal with %s is public", (_, condition) => {
  expect(open("*", condition)).toBe(true);
});

test.each<[string, object]>([
  ["an account", { StringEquals: { "AWS:SourceAccount": "111122223333" } }],
  ["a bucket", { ArnLike: { "aws:SourceArn": "arn:aws:s3:::media-uploads" } }],
  ["whatever an account has", { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:111122223333:*" } }],
  ["an organization", { "ForAnyValue:StringEquals": { "aws:PrincipalOrgID": ["o-1", "o-2"] } }],
  ["an endpoint", { StringEquals: { "aws:SourceVpce": "vpce-1" } }],
  ["an office", { IpAddress: { "aws:SourceIp": ["192.0.2.0/24", "2001:db8::/32"] } }],
  ["a mount target", { Bool: { "elasticfilesystem:AccessedViaMountTarget": true } }],
  [
    "TLS and an account",
    { Bool: { "aws:SecureTransport": "true" }, StringEquals: { "aws:SourceAccount": "1" } },
  ],
])("a wildcard principal with %s is not public", (_, condition) => {
  expect(open("*", condition)).toBe(false);
});

const GITHUB = "Federated:arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const github = (sub?: string | string[]) => ({
  StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
  ...(sub === undefined ? {} : { StringLike: { "token.actions.githubusercontent.com:sub": sub } }),
});

test.each([undefined, "*", "repo:*", "repo:*/infrastructure:*", "repo:acme*", ["repo:acme/one:*", "repo:*"]])(
  "a role for GitHub's subject %p is anybody's",
  (sub) => {
    expect(open(GITHUB, github(sub))).toBe(true);
  },
);

test.each([
  "repo:acme/*",
  "repo:acme/infrastructure:ref:refs/heads/main",
  "repo:acme@12/infrastructure@34:*",
])("a role for the GitHub subject %p is not public", (sub) => {
  expect(open(GITHUB, github(sub))).toBe(false);
});

test("a Cognito identity pool is recognized by its audience, and a private provider is not public", () => {
  const audience = { StringEquals: { "cognito-identity.amazonaws.com:aud": "us-east-1:ab" } };
  expect(open("Federated:cognito-identity.amazonaws.com", audience)).toBe(false);
  expect(open("Federated:cognito-identity.amazonaws.com")).toBe(true);
  expect(open("Federated:arn:aws:iam::111122223333:saml-provider/okta")).toBe(false);
  expect(open("Service:lambda.amazonaws.com")).toBe(false);
});
