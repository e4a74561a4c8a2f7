import type { DBInstance, DBSnapshot } from "@aws-sdk/client-rds";
import { restoreCall } from "../../../cli/backup-restore/database/restore-instance";
import { expired, isOwn } from "../../../cli/backup-restore/database/backup";
import type { DatabaseAttributes } from "../../../cli/backup-restore/database/deployed-database";
import { checkSnapshot, hasPurpose, purposeName } from "../../../cli/backup-restore/database/names";
import { deletion, positionOf, refuseInUse, TAGS } from "../../../cli/backup-restore/database/progress-tags";
import { pollUntilDone } from "../../../cli/backup-restore/database/rds";
import { checkWhose, type Source, sourceOf, sourceText } from "../../../cli/backup-restore/database/source";
import type { Restore } from "../../../cli/backup-restore/database/step";
import { ageText, refuseStale } from "../../../cli/backup-restore/database/restored-age";
import { adopt, end } from "../../../cli/backup-restore/database/terraform";
import { missingSettings, restoreInput } from "../../../cli/backup-restore/database/instance-settings";
import type { Operation } from "../../../cli/backup-restore/kind";
import { baseProps, synthOf } from "../../support/synth";

const began = new Date("2026-11-25T12:00:00.400Z");
const NAME = "streamflow-prod-database";

function instance(name: string, id: string, tags: Record<string, string> = {}): DBInstance {
  const TagList = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return { DBInstanceIdentifier: name, DbiResourceId: id, DBInstanceStatus: "available", TagList };
}

const request = (resourceId: string, asked: string) => ({ identifier: NAME, resourceId, asked });

describe("names", () => {
  test("contain kind and time, and are unique", () => {
    const name = purposeName(NAME, "backup", began);
    expect(name).toMatch(/^streamflow-prod-database-backup-20261125-120000-[0-9a-f]{4}$/);
    const names = Array.from({ length: 20 }, () => purposeName(NAME, "backup", began));
    expect(new Set(names).size).toBeGreaterThan(15);
  });

  test("are shortened to the length limit of RDS, never with two hyphens in a row", () => {
    for (let length = 20; length < 63; length++) {
      const name = purposeName(`${"a-".repeat(40)}`.slice(0, length), "restored", began);
      expect(name.length).toBeLessThanOrEqual(63);
      expect(name).not.toContain("--");
    }
  });

  test("are recognized at any length, and no other name is", () => {
    for (let length = 20; length < 63; length++) {
      const identifier = "a-".repeat(40).slice(0, length);
      expect(
        hasPurpose(purposeName(identifier, "restored", began), { identifier, purpose: "restored" }),
      ).toBe(true);
    }
    const name = purposeName(NAME, "backup", began);
    expect(hasPurpose(name, { identifier: NAME, purpose: "restored" })).toBe(false);
    expect(hasPurpose(name, { identifier: `${NAME}2`, purpose: "backup" })).toBe(false);
    expect(hasPurpose(`${NAME}-backup-before-the-move`, { identifier: NAME, purpose: "backup" })).toBe(false);
  });

  test("a snapshot is a name or an ARN", () => {
    expect(checkSnapshot("rds:one-2026-11-25")).toBe("rds:one-2026-11-25");
    expect(() => checkSnapshot("two words")).toThrow(
      'must be the name or ARN of a database snapshot, got "two words"',
    );
  });
});

describe("backups", () => {
  const snapshots: DBSnapshot[] = ["a", "b", "c"].map((name) => ({
    DBSnapshotIdentifier: name,
    Status: "available",
  }));
  const names = (of: readonly DBSnapshot[]) => of.map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier);

  test("the oldest go, and none when nothing was said", () => {
    expect(expired(snapshots, { keep: undefined })).toEqual([]);
    expect(names(expired(snapshots, { keep: 2 }))).toEqual(["a"]);
    expect(names(expired(snapshots, { keep: 3, upcoming: 1 }))).toEqual(["a"]);
    expect(expired(snapshots, { keep: 5 })).toEqual([]);
  });

  test("only snapshots with this command's tag and name, of this instance, belong to it", () => {
    const own: DBSnapshot = {
      DBSnapshotIdentifier: purposeName(NAME, "backup", began),
      DBInstanceIdentifier: NAME,
      TagList: [{ Key: "BackupOf", Value: NAME }],
    };
    expect(isOwn(own, NAME)).toBe(true);
    expect(isOwn({ ...own, DBSnapshotIdentifier: "before-the-move" }, NAME)).toBe(false);
    expect(isOwn({ ...own, DBInstanceIdentifier: "another" }, NAME)).toBe(false);
    expect(isOwn({ ...own, TagList: [{ Key: "BackupOf", Value: "another" }] }, NAME)).toBe(false);
  });

  test("an incomplete one is neither counted nor deleted", () => {
    const creating = { DBSnapshotIdentifier: "d", Status: "creating" };
    expect(expired([...snapshots, creating], { keep: 3 })).toEqual([]);
  });
});

describe("progress of a restore", () => {
  const old = instance(NAME, "db-OLD");
  const marked = { RestoreOf: "db-OLD", RestoreTo: "latest" };
  const beside = instance(`${NAME}-restored-1`, "db-NEW", marked);
  const by = { ReplacedBy: "db-NEW", RestoreTo: "latest" };
  const aside = instance(`${NAME}-replaced-1`, "db-OLD", by);
  const others = [
    instance("streamflow-staging-database", "db-X"),
    instance(`${NAME}2`, "db-Y", { RestoreOf: "db-X" }),
  ];
  const stands = (...all: DBInstance[]) => {
    const { old: was, restored } = positionOf([...others, ...all], request("db-OLD", "latest"));
    return [was?.DBInstanceIdentifier, restored?.DBInstanceIdentifier];
  };

  test("nothing is begun", () => {
    expect(stands(old)).toEqual([NAME, undefined]);
    expect(stands()).toEqual([undefined, undefined]);
  });

  test("restored, while the old instance serves", () => {
    expect(stands(old, beside)).toEqual([NAME, `${NAME}-restored-1`]);
    expect(stands({ ...old, TagList: aside.TagList ?? [] }, beside)).toEqual([NAME, `${NAME}-restored-1`]);
  });

  test("between the two renames, no instance has the name", () => {
    expect(stands(aside, beside)).toEqual([`${NAME}-replaced-1`, `${NAME}-restored-1`]);
  });

  test("switched, with and without the tags that Terraform removes", () => {
    expect(stands(aside, instance(NAME, "db-NEW", marked))).toEqual([`${NAME}-replaced-1`, NAME]);
    expect(stands(aside, instance(NAME, "db-NEW"))).toEqual([`${NAME}-replaced-1`, NAME]);
  });

  test("the old instance is deleted: only the new one exists", () => {
    expect(stands(beside)).toEqual([undefined, `${NAME}-restored-1`]);
    expect(stands(instance(NAME, "db-NEW", marked))).toEqual([undefined, NAME]);
  });

  test("a finished restore is not resumed", () => {
    const ended = instance(`${NAME}-replaced-1`, "db-OLD", { ...by, RestoreEnded: "2026-11-25T12:00:00Z" });
    expect(stands(ended, instance(NAME, "db-NEW"))).toEqual([NAME, undefined]);
  });

  test("another recovery point is rejected while a restore is in progress, with the next step", () => {
    const ask = () =>
      positionOf([old, { ...beside, DeletionProtection: true }], request("db-OLD", "2026-11-25T08:00:00Z"));
    expect(ask).toThrow("(--to latest) exists: continue it with --to latest, or cancel it: aws rds");
    expect(ask).toThrow(`--db-instance-identifier ${NAME}-restored-1 --no-deletion-protection`);
    const snapshot = instance(`${NAME}-restored-1`, "db-NEW", { ...marked, RestoreTo: "snapshot one" });
    expect(() => positionOf([old, snapshot], request("db-OLD", "latest"))).toThrow(
      "continue it with --snapshot one",
    );
  });

  test("an instance that serves is never named in a command that deletes", () => {
    const serving = instance(NAME, "db-NEW", marked);
    expect(() => positionOf([aside, serving], request("db-NEW", "2026-11-25T08:00:00Z"))).toThrow(
      /^(?!.*aws rds)/,
    );
    expect(deletion(aside, { withLastSnapshot: true })).toEqual([
      `aws rds delete-db-instance --db-instance-identifier ${NAME}-replaced-1 --final-db-snapshot-identifier ${NAME}-replaced-1-final`,
    ]);
  });
});

test("a snapshot must be of this database, under any name that it had, and of its engine", () => {
  const wanted = { resourceId: "db-OLD", identifier: NAME, engine: "postgres" };
  const check = (DBInstanceIdentifier: string, Engine = "postgres") =>
    checkWhose({ DBInstanceIdentifier, Engine }, "one", wanted);
  for (const whose of [NAME, purposeName(NAME, "replaced", began), purposeName(NAME, "restored", began)]) {
    expect(() => check(whose)).not.toThrow();
  }
  expect(() => check("streamflow-staging-database")).toThrow(
    `must belong to ${NAME} (postgres): one belongs to streamflow-staging-database (postgres)`,
  );
  expect(() => check(`${NAME}-2`)).toThrow("--snapshot must be");
  expect(() => check(NAME, "mysql")).toThrow("one belongs to streamflow-prod-database (mysql)");
});

describe("what was the latest", () => {
  const old = instance(NAME, "db-OLD");
  const made = new Date("2026-11-25T05:00:00Z");
  const of = (to: string): DBInstance => ({
    ...instance(`${NAME}-restored-1`, "db-NEW", { RestoreOf: "db-OLD", RestoreTo: to }),
    InstanceCreateTime: made,
  });
  const refuse = (to: string, asked: Source = { to: "latest" }, was: DBInstance | undefined = old) =>
    refuseStale({ old: was, restored: of(to) }, { source: asked, identifier: NAME, now: began });

  test("is tagged with its recovery point, and recognized", () => {
    expect(sourceText({ to: "latest", latest: made })).toBe("latest 2026-11-25T05:00:00Z");
    const find = (asked: string) =>
      positionOf([old, of("latest 2026-11-25T05:00:00Z")], request("db-OLD", asked)).restored?.DbiResourceId;
    expect(find("latest")).toBe("db-NEW");
    expect(find("2026-11-25T05:00:00Z")).toBe("db-NEW");
    expect(() => find("2026-11-25T05:00:01Z")).toThrow("continue it with --to latest, or");
    expect(ageText(of("latest 2026-11-25T05:00:00Z"), began)).toBe(
      "restored to latest 2026-11-25T05:00:00Z, made 7.0 hours ago",
    );
  });

  test("is not resumed after six hours, unless its recovery point is given", () => {
    expect(() => refuse("latest 2026-11-25T05:59:00Z")).toThrow(
      `aws rds delete-db-instance --db-instance-identifier ${NAME}-restored-1 --skip-final-snapshot; or continue with it: ` +
        "--to 2026-11-25T05:59:00Z",
    );
    expect(() => refuse("latest")).toThrow("is older than 6 hours");
    expect(() => refuse("latest 2026-11-25T06:01:00Z")).not.toThrow();
    expect(() =>
      refuse("latest 2026-11-25T05:59:00Z", { to: new Date("2026-11-25T05:59:00Z") }),
    ).not.toThrow();
  });

  test("is resumed at any age when the old instance does not serve", () => {
    const aside = instance(`${NAME}-replaced-1`, "db-OLD");
    expect(() => refuse("latest 2026-11-20T05:59:00Z", { to: "latest" }, aside)).not.toThrow();
  });
});

describe("the end of a restore", () => {
  const marked = instance(NAME, "db-NEW", { RestoreOf: "db-OLD", RestoreTo: "latest" });
  const sent: object[] = [];
  const lines: string[] = [];
  const restore = {
    operation: { began, steps: { line: (line: string) => lines.push(line) } },
    rds: { send: ({ input }: { input: object }) => Promise.resolve(sent.push(input)) },
    database: { identifier: NAME, address: "", attributes: undefined },
  } as unknown as Restore;

  beforeEach(() => {
    sent.length = 0;
    lines.length = 0;
  });

  test("its marks are not removed by an apply", () => {
    const [provider] = synthOf(() => {}, baseProps).json.provider.aws as {
      ignore_tags: [{ keys: string[] }];
    }[];
    expect(provider?.ignore_tags[0].keys.sort()).toEqual(Object.values(TAGS).sort());
  });

  test("of a deleted database: applied but not finished, it is not resumed by another restore, and deletes nothing", async () => {
    // The state already has the new instance.
    const position = positionOf([marked], request("db-NEW", "latest"));
    expect(position).toEqual({ old: undefined, restored: marked });
    expect(end.done(position, restore.database)).toBe(false);
    await end.run(restore, position);
    expect(lines).toEqual([]);
    expect(sent).toEqual([{ ResourceName: "", TagKeys: ["RestoreOf", "RestoreTo"] }]);
  });

  test("names the old instance, and never the serving one", async () => {
    const aside = instance(`${NAME}-replaced-1`, "db-OLD", { ReplacedBy: "db-NEW", RestoreTo: "latest" });
    await end.run(restore, { old: aside, restored: marked });
    expect(lines.join()).toContain(`delete-db-instance --db-instance-identifier ${NAME}-replaced-1 `);
    sent.length = 0;
    await expect(end.run(restore, { old: marked, restored: marked })).rejects.toThrow("is in use");
    expect(sent).toEqual([]);
    expect(() => refuseInUse(aside, NAME)).not.toThrow();
  });

  test("interrupted between its two marks, is finished by the next run", () => {
    const ended = instance(`${NAME}-replaced-1`, "db-OLD", { ReplacedBy: "db-NEW", RestoreEnded: "now" });
    const position = positionOf([ended, marked], request("db-NEW", "latest"));
    expect(position).toEqual({ old: undefined, restored: marked });
    expect(end.done(position, restore.database)).toBe(false);
    expect(end.done({ old: undefined, restored: instance(NAME, "db-NEW") }, restore.database)).toBe(true);
    // An apply of an older commit removed it.
    expect(end.done({ old: ended, restored: instance(NAME, "db-NEW") }, restore.database)).toBe(false);
  });
});

describe("what a restored instance must be", () => {
  const wanted = {
    instance_class: "db.m7g.large",
    vpc_security_group_ids: ["sg-1"],
    parameter_group_name: "ours",
    multi_az: true,
    deletion_protection: true,
    iam_database_authentication_enabled: true,
    backup_retention_period: 35,
    backup_window: "03:00-04:00",
    maintenance_window: "sun:05:00-sun:06:00",
    max_allocated_storage: 1000,
    monitoring_interval: 30,
    monitoring_role_arn: "arn:aws:iam::1:role/m",
    performance_insights_enabled: true,
    performance_insights_retention_period: 7,
  } as unknown as DatabaseAttributes;

  test("RDS gets every setting for which it would use a default", () => {
    expect(restoreInput(wanted)).toMatchObject({
      DBInstanceClass: "db.m7g.large",
      VpcSecurityGroupIds: ["sg-1"],
      DBParameterGroupName: "ours",
      MultiAZ: true,
      EnableIAMDatabaseAuthentication: true,
      DeletionProtection: true,
    });
  });

  test("only the settings that it did not take over are corrected", () => {
    const same: DBInstance = {
      MasterUserSecret: { SecretArn: "arn" },
      BackupRetentionPeriod: 35,
      PreferredBackupWindow: "03:00-04:00",
      PreferredMaintenanceWindow: "sun:05:00-sun:06:00",
      MaxAllocatedStorage: 1000,
      PerformanceInsightsEnabled: true,
      MonitoringInterval: 30,
      DeletionProtection: true,
    };
    expect(missingSettings(wanted, same)).toEqual([]);
    for (const key of Object.keys(same) as (keyof DBInstance)[]) {
      expect([key, missingSettings(wanted, { ...same, [key]: undefined }).length]).toEqual([key, 1]);
    }
    const changes = Object.assign({}, ...missingSettings(wanted, {}).map(({ change }) => change)) as object;
    expect(changes).toMatchObject({
      ManageMasterUserPassword: true,
      MonitoringRoleArn: "arn:aws:iam::1:role/m",
    });
  });

  test("a restored instance has the keys of its secret and its insights, which RDS does not copy", () => {
    const key = "arn:aws:kms:us-east-1:1:key/k";
    const keyed = {
      ...wanted,
      master_user_secret_kms_key_id: key,
      performance_insights_kms_key_id: key,
    };
    const changes = missingSettings(keyed, {}).map(({ change }) => change);
    expect(changes).toContainEqual({ ManageMasterUserPassword: true, MasterUserSecretKmsKeyId: key });
    expect(changes).toContainEqual({
      EnablePerformanceInsights: true,
      PerformanceInsightsRetentionPeriod: 7,
      PerformanceInsightsKMSKeyId: key,
    });
    const without = Object.assign({}, ...missingSettings(wanted, {}).map(({ change }) => change)) as object;
    expect(without).toMatchObject({
      MasterUserSecretKmsKeyId: undefined,
      PerformanceInsightsKMSKeyId: undefined,
    });
  });
});

describe("the calls", () => {
  const attributes = {
    resource_id: "db-OLD",
    vpc_security_group_ids: [],
    tags_all: { Project: "streamflow" },
  } as unknown as DatabaseAttributes;
  const database = { identifier: NAME, address: "aws_db_instance.database", attributes };
  const restore = (source: Source): Restore => ({
    operation: { began } as Operation,
    rds: undefined as never,
    database,
    source,
    unverified: undefined,
  });
  const nobody = { old: undefined, restored: undefined };

  test("a deleted database is restored from the retained backups of its resource id", () => {
    const { input } = restoreCall(restore({ to: began }), nobody);
    expect(input).toMatchObject({ SourceDbiResourceId: "db-OLD", RestoreTime: began });
    expect(input).not.toHaveProperty("SourceDBInstanceIdentifier");
    expect(input.Tags).toEqual([
      { Key: "Project", Value: "streamflow" },
      { Key: "RestoreOf", Value: "db-OLD" },
      { Key: "RestoreTo", Value: "2026-11-25T12:00:00Z" },
    ]);
  });

  test("a snapshot is restored by its own call", () => {
    const { name, input } = restoreCall(restore({ snapshot: "one" }), {
      ...nobody,
      old: instance(NAME, "db-OLD"),
    });
    expect(name).toBe("rds:RestoreDBInstanceFromDBSnapshot");
    expect(input).toMatchObject({ DBSnapshotIdentifier: "one" });
  });

  test("interrupted after the removal from the state, the new instance is only imported", () => {
    const restored = instance(NAME, "db-NEW");
    const gone = { ...database, attributes: undefined };
    expect(adopt.done({ old: undefined, restored }, gone)).toBe(false);
    const calls = adopt.calls({ ...restore({ to: began }), database: gone }, { old: undefined, restored });
    expect(calls).toEqual(["terraform import aws_db_instance.database db-NEW"]);
    const known = { ...database, attributes: { ...attributes, resource_id: "db-NEW" } };
    expect(adopt.done({ old: undefined, restored }, known)).toBe(true);
  });
});

test("a restore is of a time or of a snapshot, never of both or of nothing", () => {
  expect(() => sourceOf(undefined, undefined)).toThrow("either --to TIME or --snapshot NAME");
  expect(() => sourceOf("latest", "one")).toThrow("either --to TIME or --snapshot NAME");
  expect(sourceOf("latest", undefined)).toEqual({ to: "latest" });
});

test("waiting ends when RDS fails, or does not become ready in time", async () => {
  const wait = (state: string) =>
    pollUntilDone({
      find: () => Promise.resolve(state),
      isDone: () => false,
      describe: (found) => found,
      status: () => undefined,
      intervalMs: 1,
      timeoutMs: 5,
    });
  await expect(wait("it is incompatible-parameters")).rejects.toThrow(
    "RDS failed: it is incompatible-parameters",
  );
  await expect(wait("it is failed")).rejects.toThrow("RDS failed");
  await expect(wait("it is creating")).rejects.toThrow("timed out waiting for RDS: it is creating");
});
