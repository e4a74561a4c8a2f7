import { parsePolicy } from "../../../../packages/iam/document";
import { evaluate } from "../../../../packages/iam/evaluate";
import { Ledger } from "../../../../packages/embedded-aws/permissions/ledger";
import { denialText, report, unneeded } from "../../../../packages/embedded-aws/permissions/report";
import type { RolePolicies } from "../../../../packages/embedded-aws/permissions/roles";

const Statement = [
  { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: ["arn:aws:s3:::b/one/*"] },
  { Effect: "Allow", Action: ["xray:PutTraceSegments"], Resource: ["*"] },
  { Effect: "Deny", Action: ["s3:DeleteObject"], Resource: ["*"] },
];
const role: RolePolicies = {
  arn: "arn:aws:iam::1:role/media",
  identityPolicies: parsePolicy("permissions", { Statement }),
};

function ledgerOf(...requests: (readonly [action: string, resource: string])[]): Ledger {
  const ledger = new Ledger();
  for (const [action, resource] of requests) {
    const asked = { action, resource, context: {} };
    ledger.note(role.arn, asked, evaluate(asked, role));
  }
  return ledger;
}

const READ = ["s3:GetObject", "arn:aws:s3:::b/one/1"] as const;

test("counts the requested actions, and lists the unused permissions", () => {
  const ledger = ledgerOf(READ, READ);
  expect(ledger.allowed).toMatchObject([{ action: "s3:GetObject", count: 2 }]);
  expect(ledger.unused(role).map(({ action }) => action)).toEqual(["s3:PutObject", "xray:PutTraceSegments"]);
  expect(unneeded(ledger.unused(role)).map(({ action }) => action)).toEqual(["s3:PutObject"]);
});

test("counts allowed calls by kind of object, and denied calls by object", () => {
  const objects = ["a", "b", "c"].map(
    (digit) => `arn:aws:s3:::b/one/${digit.repeat(8)}-1111-4111-8111-111111111111/x`,
  );
  const ledger = ledgerOf(
    ...objects.map((object) => ["s3:GetObject", object] as const),
    ...objects.map((object) => ["s3:DeleteObject", object] as const),
  );
  expect(ledger.allowed).toMatchObject([{ resource: "arn:aws:s3:::b/one/{id}/…", count: 3 }]);
  expect(ledger.denied.map(({ resource }) => resource)).toEqual(objects);
  expect(ledger.count).toBe(6);
});

test("reports denied calls first", () => {
  const text = report(ledgerOf(READ, ["s3:DeleteObject", "arn:aws:s3:::b/one/1"]), [role], ["a riddle"]);
  expect(text).toContain("- a riddle\n- s3:DeleteObject on arn:aws:s3:::b/one/1: permissions[2] denies it\n");
  expect(text).not.toContain("All are allowed");
  expect(text).toContain("| s3:GetObject | arn:aws:s3:::b/one/1 | permissions[0] | 1 |");
  expect(text).toContain("- s3:PutObject on arn:aws:s3:::b/one/*\n");
  expect(text).toContain("- xray:PutTraceSegments on * (used by X-Ray's daemon next to the code)\n");
});

test("names the statement that a denied call lacks, and where its policy is written", () => {
  const passing = { action: "iam:PassRole", resource: "r", context: { "iam:passedtoservice": "lambda" } };
  const ledger = ledgerOf(["s3:PutObject", "arn:aws:s3:::b/two"], ["s3:DeleteObject", "arn:aws:s3:::b/two"]);
  ledger.note(role.arn, passing, evaluate(passing, role));
  expect(ledger.denied.map((entry) => denialText(entry, ({ action }) => `policy of ${action}`))).toEqual([
    "media: s3:PutObject on arn:aws:s3:::b/two: nothing allows it; policy of s3:PutObject lacks " +
      '{"Effect":"Allow","Action":["s3:PutObject"],"Resource":["arn:aws:s3:::b/two"]}',
    // No statement helps against one that denies.
    "media: s3:DeleteObject on arn:aws:s3:::b/two: permissions[2] denies it",
    "media: iam:PassRole on r: nothing allows it; policy of iam:PassRole lacks " +
      '{"Effect":"Allow","Action":["iam:PassRole"],"Resource":["r"],' +
      '"Condition":{"StringEquals":{"iam:PassedToService":"lambda"}}}',
  ]);
});

test("a statement with NotAction is one permission, which any other action uses", () => {
  const policies: RolePolicies = {
    arn: role.arn,
    identityPolicies: parsePolicy("permissions", {
      Statement: {
        Effect: "Allow",
        NotAction: "iam:*",
        Resource: ["arn:aws:s3:::b/one/*", "arn:aws:sqs:*:*:q"],
      },
    }),
  };
  const ledger = new Ledger();
  const [action, resource] = READ;
  const request = { action, resource, context: {} };
  ledger.note(role.arn, request, evaluate(request, policies));
  expect(ledger.unused(policies)).toEqual([
    { role: role.arn, action: "everything except iam:*", resource: "arn:aws:sqs:*:*:q" },
  ]);
});
