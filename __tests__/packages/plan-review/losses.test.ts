import { lossFindings } from "../../../packages/plan-review/losses";
import { type Change, changesOf } from "../../../packages/plan-review/changes";
import { changes, planOf, type Planted, resource } from "./plans";

const reviewed = (planted: Readonly<Record<string, Planted>>) => lossFindings(changes(planted));
const DATABASE = "aws_db_instance.database";

test.each([
  ["aws_db_instance", "deleted", { before: {} }],
  ["aws_s3_bucket", "replaced", { before: {}, after: {}, actions: ["delete", "create"] }],
  ["aws_sqs_queue", "deleted", { before: {} }],
  ["aws_cognito_user_pool", "replaced", { before: {}, after: {}, actions: ["create", "delete"] }],
])("%s %s blocks the plan and names what is lost", (type, how, planted) => {
  expect(reviewed({ [`${type}.x`]: planted })).toMatchObject([
    {
      severity: "block",
      rule: "data-loss",
      title: expect.stringContaining(`${type}.x is ${how}, which loses `) as string,
    },
  ]);
});

test.each([
  ["review", "deleted", { before: {} }],
  ["review", "replaced", { before: {}, after: {}, actions: ["create", "delete"] }],
  ["review", "removed from the state", { before: {}, actions: ["forget"] }],
  [
    "review",
    "replaced, and the old one only removed",
    { before: {}, after: {}, actions: ["create", "forget"] },
  ],
])("is a %s that a resource of an unknown type is %s", (severity, how, planted) => {
  expect(reviewed({ "some_thing.t": planted })).toMatchObject([
    { severity, address: "some_thing.t", title: expect.stringContaining(`some_thing.t is ${how}`) as string },
  ]);
});

test("an unknown action needs review and is named", () => {
  const [finding] = reviewed({ "some_thing.t": { before: {}, after: {}, actions: ["create", "archive"] } });
  expect(finding).toMatchObject({
    severity: "review",
    details: ["unknown Terraform action create and archive"],
  });
});

test("an object of a failed replacement is distinguished from its successor", () => {
  const left = { ...resource("some_thing.t", { before: {} }), deposed: "ab12cd34" };
  const [change] = changesOf({ ...planOf({}), resource_changes: [left] }, new Map());
  expect(lossFindings([change as Change])).toMatchObject([
    {
      severity: "review",
      title: expect.stringContaining("object ab12cd34 of a failed replacement") as string,
    },
  ]);
});

test("a data source that is read, and what stays as it is, end nothing", () => {
  const read = { ...resource("aws_ami.a", { after: {}, actions: ["read"] }), mode: "data" as const };
  const gone = { ...resource("aws_ami.b", { before: {} }), mode: "data" as const };
  const same = resource("some_thing.t", { before: { a: 1 }, after: { a: 1 }, actions: ["no-op"] });
  const plan = { ...planOf({}), resource_changes: [read, gone, same] };
  expect(lossFindings(changesOf(plan, new Map()))).toEqual([]);
});

test.each(["aws_ecs_task_definition", "aws_api_gateway_deployment"])(
  "%s is replaced by each release, which needs no review; its deletion does",
  (type) => {
    const replaced = { before: {}, after: {}, actions: ["create", "delete"] };
    expect(reviewed({ [`${type}.x`]: replaced })).toMatchObject([{ severity: "info" }]);
    expect(reviewed({ [`${type}.x`]: { before: {} } })).toMatchObject([{ severity: "review" }]);
  },
);

test("reduced protection by a sensitive value is reported without the value", () => {
  const planted = {
    before: { backup_retention_period: 7 },
    after: { backup_retention_period: 1 },
    after_sensitive: { backup_retention_period: true },
  };
  const [finding] = reviewed({ [DATABASE]: planted });
  expect(finding).toMatchObject({ severity: "block", rule: "protection-lowered", address: DATABASE });
  expect(JSON.stringify(finding)).not.toMatch(/7|1/);
});

test("a database under another address is recognized, with the block that would keep it", () => {
  const [finding] = reviewed({
    [DATABASE]: { before: { identifier: "streamflow", skip_final_snapshot: true } },
    "aws_db_instance.primary": { after: { identifier: "streamflow" } },
  });
  expect(finding?.details).toEqual([
    "aws_db_instance.primary has the same name: if it is the same resource, add moved { from = aws_db_instance.database, to = aws_db_instance.primary }",
    "no final snapshot is made",
  ]);
});

test.each([
  ["review", "deletion_protection", true, false],
  ["review", "multi_az", true, false],
  ["block", "storage_encrypted", true, false],
  ["block", "backup_retention_period", 7, 1],
  ["block", "engine_version", "16.4", "17"],
  ["review", "instance_class", "db.t4g.small", "db.t4g.micro"],
  ["review", "identifier", "one", "two"],
  ["review", "skip_final_snapshot", false, true],
])("%s: %s of a database from %s to %s", (severity, attribute, before, after) => {
  const planted = { before: { [attribute]: before }, after: { [attribute]: after } };
  expect(reviewed({ [DATABASE]: planted }).map((finding) => finding.severity)).toEqual([severity]);
  const undone = reviewed({ [DATABASE]: { before: planted.after, after: planted.before } });
  const symmetric = ["engine_version", "instance_class", "identifier"].includes(attribute);
  expect(undone).toHaveLength(symmetric ? 1 : 0);
});

test("a minor version needs no review", () => {
  expect(
    reviewed({ [DATABASE]: { before: { engine_version: "17.4" }, after: { engine_version: "17.5" } } }),
  ).toEqual([]);
});

const lifecycle = (...rule: object[]) => ({ rule });
const expiry = (days: number, status = "Enabled") => ({ status, expiration: [{ days }] });
const kept = (noncurrent_days: number) => ({
  status: "Enabled",
  expiration: [],
  noncurrent_version_expiration: [{ noncurrent_days }],
});
const copied = (bucket: string, status = "Enabled") => ({ rule: [{ status, destination: [{ bucket }] }] });

test("the end of a bucket's versioning blocks the plan", () => {
  const [before, after] = ["Enabled", "Suspended"].map((status) => ({
    versioning_configuration: [{ status }],
  }));
  const planted = { before: before ?? {}, after: after ?? {} };
  expect(reviewed({ "aws_s3_bucket_versioning.v": planted })).toMatchObject([{ severity: "block" }]);
});

test.each([
  ["a rule that expires objects", lifecycle(kept(30)), lifecycle(kept(30), expiry(1)), "objects", "1 days"],
  ["an earlier expiry", lifecycle(expiry(90)), lifecycle(expiry(30)), "objects", "before after 90"],
  [
    "a rule that is enabled",
    lifecycle(expiry(1, "Disabled")),
    lifecycle(expiry(1)),
    "objects",
    "before never",
  ],
  ["an earlier end of versions", lifecycle(kept(30)), lifecycle(kept(1)), "earlier versions", "after 1 days"],
])("%s of a bucket blocks the plan; its return does not", (_, before, after, what, how) => {
  const address = "aws_s3_bucket_lifecycle_configuration.l";
  const [finding, ...others] = reviewed({ [address]: { before, after } });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ severity: "block", rule: "protection-lowered", address });
  expect(finding?.title).toContain(`${what} are deleted`);
  expect(finding?.title).toContain(how);
  expect(reviewed({ [address]: { before: after, after: before } })).toEqual([]);
});

const imagesOf = (countNumber: number) => ({
  policy: JSON.stringify({ rules: [{ selection: { countType: "imageCountMoreThan", countNumber } }] }),
});

test.each([
  ["block", "aws_s3_bucket_replication_configuration.r", copied("arn:a"), copied("arn:b")],
  ["review", "aws_s3_bucket_replication_configuration.r", copied("arn:a"), copied("arn:a", "Disabled")],
  ["block", "aws_cloudwatch_log_group.l", { retention_in_days: 365 }, { retention_in_days: 14 }],
  ["block", "aws_sqs_queue.q", { message_retention_seconds: 1_209_600 }, { message_retention_seconds: 60 }],
  ["block", "aws_ecr_lifecycle_policy.i", imagesOf(30), imagesOf(1)],
  [
    "block",
    "aws_backup_plan.b",
    { rule: [{ lifecycle: [{ delete_after: 35 }] }] },
    { rule: [{ lifecycle: [{ delete_after: 1 }] }] },
  ],
  [
    "block",
    "aws_elasticache_replication_group.c",
    { snapshot_retention_limit: 7 },
    { snapshot_retention_limit: 0 },
  ],
  ["block", "aws_kms_key.k", { is_enabled: true }, { is_enabled: false }],
  ["review", "aws_kms_key.k", { enable_key_rotation: true }, { enable_key_rotation: false }],
  ["review", "aws_cognito_user_pool.p", { mfa_configuration: "OPTIONAL" }, { mfa_configuration: "OFF" }],
])("%s: %s from %j to %j", (severity, address, before, after) => {
  expect(reviewed({ [address]: { before, after } })).toMatchObject([
    { severity, rule: "protection-lowered", address },
  ]);
  expect(reviewed({ [address]: { before, after: before } })).toEqual([]);
});

test.each([
  [
    "aws_s3_bucket_versioning.v",
    { versioning_configuration: [{ status: "Enabled" }] },
    { versioning_configuration: [{ status: "Suspended" }] },
  ],
  ["aws_cognito_user_pool.p", { deletion_protection: "ACTIVE" }, { deletion_protection: "INACTIVE" }],
  ["aws_cloudwatch_log_group.l", { retention_in_days: 365 }, { retention_in_days: 14 }],
  [
    "aws_elasticache_replication_group.c",
    { transit_encryption_enabled: true },
    { transit_encryption_enabled: false },
  ],
  ["aws_elasticache_replication_group.c", { user_group_ids: ["g"] }, { user_group_ids: [] }],
  [
    "aws_elasticache_user.u",
    { access_string: "on ~a:* -@all +get" },
    { access_string: "on ~a:* -@all +get +set" },
  ],
])("%s is reported when it protects less", (address, before, after) => {
  expect(reviewed({ [address]: { before, after } })).toMatchObject([{ rule: "protection-lowered", address }]);
  expect(reviewed({ [address]: { before: after, after: before } })).toEqual([]);
});

describe("an invocation of a function", () => {
  const RUN = "aws_lambda_invocation.migrations";
  const before = { function_name: "migrate", qualifier: "7", triggers: { migrations: "0009-a", users: "x" } };
  const replaced = (after: object) => {
    const planted = { before, after: { ...before, ...after }, actions: ["delete", "create"] as const };
    return reviewed({ [RUN]: { ...planted, actions: [...planted.actions] } });
  };
  const title = `${RUN} invokes the function migrate`;

  test("for the first time needs review", () => {
    expect(reviewed({ [RUN]: { after: before } })).toMatchObject([
      { severity: "review", rule: "action", title },
    ]);
  });

  test("for another trigger needs review, and says which", () => {
    expect(replaced({ triggers: { migrations: "0010-b", users: "x" } })).toMatchObject([
      { severity: "info", rule: "replace" },
      { severity: "review", rule: "action", title, details: ["triggers.migrations: 0009-a → 0010-b"] },
    ]);
  });

  test("only for a new version of the function is named, and needs no review", () => {
    expect(replaced({ qualifier: "8" })).toMatchObject([
      { severity: "info", rule: "replace" },
      { severity: "info", rule: "action", title },
    ]);
  });

  test("that is not run is no finding", () => {
    expect(reviewed({ [RUN]: { before, after: before, actions: ["no-op"] } })).toEqual([]);
  });
});
