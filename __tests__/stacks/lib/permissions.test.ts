import { policyOf, trustService } from "../../../stacks/lib/permissions";

test("fails on a wildcard action", () => {
  expect(() => policyOf([{ actions: ["sqs:*"], resources: ["arn:aws:sqs:::queue"] }])).toThrow(
    'permissions must list actions without wildcards, got "sqs:*"',
  );
});

test('fails on every resource ("*") without a reason', () => {
  const actions = ["xray:PutTraceSegments"];
  expect(() => policyOf([{ actions, resources: ["*"] }])).toThrow(
    'permissions on "*" need a reason, got none for xray:PutTraceSegments',
  );
  expect(() => policyOf([{ actions, resources: ["*"], reason: "X-Ray has no resources" }])).not.toThrow();
});

test("keeps the conditions of a grant", () => {
  const conditions = { StringEquals: { "aws:SourceAccount": "123456789012" } };
  expect(policyOf([{ actions: ["a:B"], resources: ["arn"], conditions }])).toEqual(expect.any(String));
  expect(trustService("lambda.amazonaws.com", conditions)).toEqual(expect.any(String));
});
