import { report } from "../../../cli/policies/report";
import type { EvaluatedFinding } from "../../../policies/evaluate";

const finding: EvaluatedFinding = {
  rule: "database-is-encrypted",
  sentence: "A database's storage is encrypted.",
  stack: "app",
  address: "aws_db_instance.d",
  path: "app/database/Default",
  finding: "storage is not encrypted",
  remedy: "set storageEncrypted to true",
  files: ["one.ts", "two.ts"],
  source: "https://docs.aws.amazon.com/rds",
};

test("a finding is reported with the rule, its place, the problem, the change and the source", () => {
  expect(report([finding])).toEqual([
    "app",
    "  database-is-encrypted: A database's storage is encrypted.",
    "    address    aws_db_instance.d",
    "    construct  app/database/Default",
    "    problem    storage is not encrypted",
    "    change     set storageEncrypted to true",
    "    in         one.ts",
    "               two.ts",
    "    source     https://docs.aws.amazon.com/rds",
    "",
  ]);
});

test("findings are reported below their stack, which is named once", () => {
  const other = { ...finding, stack: "other" };
  const lines = report([finding, other, finding]);
  expect(lines.filter((line) => !line.startsWith(" ") && line !== "")).toEqual(["app", "other"]);
  expect(lines.indexOf("other")).toBe(19);
});
