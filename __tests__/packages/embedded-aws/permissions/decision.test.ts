import { denialOf } from "../../../../packages/embedded-aws/permissions/decision";

const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: statement });
const request = {
  action: "sqs:SendMessage",
  resource: "arn:aws:sqs:us-east-1:111111111111:q",
  principal: "Service:s3.amazonaws.com",
  context: {},
} as const;
const allow = { Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sqs:SendMessage" };

test("a request is decided by the policies that the question has", () => {
  expect(denialOf({ request, policies: { resource: { "its policy": policy(allow) } } })).toBeNull();
  expect(denialOf({ request, policies: {} })).toBe("nothing allows it");
});

test("a boundary without statements denies a role what its policies allow", () => {
  const identity = { permissions: policy({ Effect: "Allow", Action: "sqs:*", Resource: "*" }) };
  const role = { action: request.action, resource: request.resource, context: {} };
  expect(denialOf({ request: role, policies: { identity } })).toBeNull();
  const boundary = { boundary: policy([]) };
  expect(denialOf({ request: role, policies: { identity, boundary } })).toBe(
    "its boundary does not allow it",
  );
});

test("a policy that IAM would not accept is the reason", () => {
  const resource = { "its policy": policy({ ...allow, Action: undefined }) };
  expect(denialOf({ request, policies: { resource } })).toBe(
    "its policy[0] has neither Action nor NotAction",
  );
});
