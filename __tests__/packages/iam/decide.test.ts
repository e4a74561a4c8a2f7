import { decide, type Decision, type RolePolicies } from "../../../packages/iam/decide";
import { statementsOf } from "../../../packages/iam/document";

const policy = (name: string, ...Statement: object[]) => statementsOf(name, JSON.stringify({ Statement }));
const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});
const role = (identity: object[], boundary?: object[]): RolePolicies => ({
  arn: "arn:aws:iam::1:role/r",
  identity: policy("permissions", ...identity),
  boundary: boundary && policy("boundary", ...boundary),
});
const read = (of: RolePolicies, resource = "arn:aws:s3:::b/stream/1", context = {}): Decision =>
  decide(of, { action: "s3:GetObject", resource, context });

const ON_STREAMS = "arn:aws:s3:::b/stream/*";

test("allows what a statement allows, and says which", () => {
  const decision = read(role([allow("sqs:*", "*"), allow(["s3:getobject"], [ON_STREAMS])]));
  expect(decision).toMatchObject({ allowed: true, why: "permissions[1]" });
});

test.each([
  ["another action", [allow("s3:GetObjectVersion", ON_STREAMS)], undefined, "nothing allows it"],
  ["another resource", [allow("s3:*", "arn:aws:s3:::b/uploads/*")], undefined, "nothing allows it"],
  [
    "an unmet condition",
    [allow("s3:*", "*", { Bool: { "aws:MultiFactorAuthPresent": "true" } })],
    undefined,
    "nothing allows it",
  ],
  [
    "a condition that nobody here can judge",
    [allow("s3:*", "*", { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } })],
    undefined,
    "nothing allows it",
  ],
  [
    "a denial",
    [allow("s3:*", "*"), { Effect: "Deny", NotAction: "sqs:*", Resource: "*" }],
    undefined,
    "permissions[1] denies it",
  ],
  [
    "a denial of all but some resources",
    [allow("s3:*", "*"), { Effect: "Deny", Action: "*", NotResource: "arn:aws:s3:::b/uploads/*" }],
    undefined,
    "permissions[1] denies it",
  ],
  ["a boundary without it", [allow("s3:*", "*")], [allow("sqs:*", "*")], "its boundary does not allow it"],
  [
    "a boundary that denies it",
    [allow("s3:*", "*")],
    [allow("s3:*", "*"), { Effect: "Deny", Action: "s3:Get*", Resource: "arn:aws:s3:::b/*" }],
    "boundary[1] denies it",
  ],
  ["a boundary alone", [], [allow("*", "*")], "nothing allows it"],
])("%s does not allow it", (_what, identity, boundary, why) => {
  expect(read(role(identity, boundary))).toEqual({ allowed: false, why, by: [] });
});

test("denies by a condition that nobody here can judge", () => {
  const deny = {
    Effect: "Deny",
    Action: "*",
    Resource: "*",
    Condition: { IpAddress: { "aws:SourceIp": "::" } },
  };
  expect(read(role([allow("*", "*"), deny])).allowed).toBe(false);
});

test("refuses to read a policy whose effect is neither", () => {
  expect(() => policy("p", { Effect: "allow", Action: "*", Resource: "*" })).toThrow(
    'p[0] must allow or deny, got the effect "allow"',
  );
});
