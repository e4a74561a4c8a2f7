import { decide, type RolePolicies } from "../../../../packages/iam/decide";
import { statementsOf } from "../../../../packages/iam/document";
import { Ledger } from "../../../../packages/embedded-aws/permissions/ledger";
import { report, unneeded } from "../../../../packages/embedded-aws/permissions/report";

const Statement = [
  { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: ["arn:aws:s3:::b/one/*"] },
  { Effect: "Allow", Action: ["xray:PutTraceSegments"], Resource: ["*"] },
  { Effect: "Deny", Action: ["s3:DeleteObject"], Resource: ["*"] },
];
const role: RolePolicies = {
  arn: "arn:aws:iam::1:role/media",
  identity: statementsOf("permissions", JSON.stringify({ Statement })),
  boundary: undefined,
};

function ledgerOf(...requests: (readonly [action: string, resource: string])[]): Ledger {
  const ledger = new Ledger();
  for (const [action, resource] of requests) {
    const asked = { action, resource, context: {} };
    ledger.note(role.arn, asked, decide(role, asked));
  }
  return ledger;
}

const READ = ["s3:GetObject", "arn:aws:s3:::b/one/1"] as const;

test("counts what was asked for, and names the rights that nobody used", () => {
  const ledger = ledgerOf(READ, READ);
  expect(ledger.allowed).toMatchObject([{ action: "s3:GetObject", count: 2 }]);
  expect(ledger.unused(role).map(({ action }) => action)).toEqual(["s3:PutObject", "xray:PutTraceSegments"]);
  expect(unneeded(ledger.unused(role)).map(({ action }) => action)).toEqual(["s3:PutObject"]);
});

test("reports what was not allowed before all else", () => {
  const text = report(ledgerOf(READ, ["s3:DeleteObject", "arn:aws:s3:::b/one/1"]), [role], ["a riddle"]);
  expect(text).toContain("- a riddle\n- s3:DeleteObject on arn:aws:s3:::b/one/1: permissions[2] denies it\n");
  expect(text).not.toContain("Every one of them is allowed");
  expect(text).toContain("| s3:GetObject | arn:aws:s3:::b/one/1 | permissions[0] | 1 |");
  expect(text).toContain("- s3:PutObject on arn:aws:s3:::b/one/*\n");
  expect(text).toContain("- xray:PutTraceSegments on * (used by X-Ray's daemon beside the code)\n");
});
