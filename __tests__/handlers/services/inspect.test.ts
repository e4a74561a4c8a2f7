import { isBeside } from "../../../handlers/services/inspect";

const served = "streamflow-prod-database.abc123.us-east-1.rds.amazonaws.com";

test("an instance of the same account and region is allowed", () => {
  const restored = "streamflow-prod-database-restored-1.abc123.us-east-1.rds.amazonaws.com";
  expect([served, restored].map((host) => isBeside(host, { served }))).toEqual([true, true]);
});

test.each([
  "other.xyz999.us-east-1.rds.amazonaws.com",
  "other.abc123.us-east-2.rds.amazonaws.com",
  "evil.example.abc123.us-east-1.rds.amazonaws.com",
  "abc123.us-east-1.rds.amazonaws.com",
  ".abc123.us-east-1.rds.amazonaws.com",
  "evil.example",
  "evil.example/.abc123.us-east-1.rds.amazonaws.com",
  "",
])("%s is not", (host) => {
  expect(isBeside(host, { served })).toBe(false);
});

test("without a domain there is only the served one", () => {
  expect([isBeside("database", { served: "database" }), isBeside("other", { served: "database" })]).toEqual([
    true,
    false,
  ]);
});
