import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  type DBInstance,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { createServiceLinkedRoles } from "../../../cli/delivery/service-linked-roles";
import type { Prepared } from "../../../cli/lib/prepared-stack";
import { SynthesizedStack } from "../../../cli/lib/synthesize";
import { clientConfig } from "../../../packages/embedded-aws/client";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";
import { Steps } from "../../../packages/cli-kit/progress";
import type { Operation } from "../../../cli/backup-restore/kind";
import { kinds } from "../../../cli/backup-restore/kinds";
import { settingsOf } from "../../support/synth";

const NAME = "streamflow-test-database";
const backend = { bucket: "states", key: "streamflow-test/terraform.tfstate", region: "us-east-1" };
const output = new PassThrough();
const steps = new Steps(output);
let folder: string;
let emulator: Emulator;
let rds: RDSClient;
let state: object;
let original: DBInstance | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "restore-"));
  emulator = await startEmulator({ accountId: "111111111111", log: join(folder, "emulator.log") });
  await createServiceLinkedRoles(aws(), steps);
  rds = new RDSClient(aws());
  original = await create();
  state = {
    serial: 1,
    lineage: "l",
    outputs: { database_identifier: { value: NAME } },
    resources: [
      {
        mode: "managed",
        type: "aws_db_instance",
        name: "database",
        instances: [{ attributes: attributes() }],
      },
    ],
  };
});

afterAll(async () => {
  steps.end();
  rds.destroy();
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

const aws = () => clientConfig(emulator.endpoint, "us-east-1");

async function create(): Promise<DBInstance | undefined> {
  const { DBInstance } = await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: NAME,
      DBInstanceClass: "db.t4g.small",
      Engine: "postgres",
      AllocatedStorage: 20,
      StorageEncrypted: true,
      MasterUsername: "streamflow_admin",
      ManageMasterUserPassword: true,
      DeletionProtection: true,
      BackupRetentionPeriod: 7,
    }),
  );
  return DBInstance;
}

/** The resource in Terraform's state. */
function attributes(): object {
  return {
    resource_id: original?.DbiResourceId,
    engine: "postgres",
    instance_class: "db.t4g.small",
    port: 5432,
    vpc_security_group_ids: [],
    storage_type: original?.StorageType,
    deletion_protection: true,
    backup_retention_period: 7,
    backup_window: original?.PreferredBackupWindow,
    maintenance_window: original?.PreferredMaintenanceWindow,
    monitoring_interval: 0,
    performance_insights_enabled: false,
    tags_all: { Project: "streamflow" },
  };
}

/** The environment as commands see it, with a Terraform that has the state of this test. */
function operation(more: Partial<Operation> = {}): Operation {
  const configuration = {
    terraform: { backend: { s3: backend } },
    resource: { aws_db_instance: { database: {} } },
  };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(configuration));
  const prepared = {
    target: { stack: "streamflow-test", name: "test", settings: settingsOf("dev"), foundation: false },
    access: { name: "the test", env: {}, client: aws() },
    synthesized: new SynthesizedStack("streamflow-test", folder),
    stack: {
      pullState: () => Promise.resolve(JSON.stringify(state)),
      plan: () => Promise.resolve({ add: 0, change: 0, remove: 0 }),
      readPlan: () => Promise.resolve({ resource_changes: [] }),
    },
    folder,
    cloud: undefined,
  } as unknown as Prepared;
  const asked = { yes: false, accept: undefined, ask: undefined };
  return { prepared, steps, dryRun: false, values: {}, began: new Date(), ...asked, ...more };
}

const unverified = { unverified: "no function runs here" };
const printed = (): string => (output.read() as Buffer | null)?.toString() ?? "";
const instances = async () => (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances ?? [];
const snapshots = async () =>
  (await rds.send(new DescribeDBSnapshotsCommand({ SnapshotType: "manual" }))).DBSnapshots ?? [];
const restoreTo = (to: Date | "latest", more: Partial<Operation> = {}) =>
  kinds.database.restore({ ...operation({ values: unverified, ...more }), to });

describe("a backup of the database", () => {
  const backup = (more: Partial<Operation> = {}) => kinds.database.backup(operation(more));

  test("a dry run prints the calls, and makes none", async () => {
    await backup({ dryRun: true, values: { keep: 1 } });
    expect(printed()).toMatch(
      /would rds:CreateDBSnapshot .*"DBInstanceIdentifier":"streamflow-test-database"/,
    );
    expect(await snapshots()).toEqual([]);
  });

  test("is encrypted, has its tag, and only the oldest with that tag are deleted", async () => {
    // The tag alone is not enough.
    const Tags = [{ Key: "BackupOf", Value: NAME }];
    const byHand = { DBInstanceIdentifier: NAME, DBSnapshotIdentifier: "by-hand", Tags };
    await rds.send(new CreateDBSnapshotCommand(byHand));
    await backup();
    await backup();
    const [first, second] = (await snapshots()).filter(({ DBSnapshotIdentifier: id }) => id !== "by-hand");
    expect(first).toMatchObject({ Encrypted: true, Status: "available" });
    expect(first?.TagList).toContainEqual({ Key: "BackupOf", Value: NAME });
    expect(first?.DBSnapshotIdentifier).not.toBe(second?.DBSnapshotIdentifier);
    expect(printed()).toContain(`snapshot: ${first?.DBSnapshotArn}`);
    await backup({ values: { keep: 1 } });
    expect(printed()).toContain(`deleted: ${first?.DBSnapshotArn}`);
    const left = (await snapshots()).map(({ DBSnapshotIdentifier: id }) => id);
    expect(left).toHaveLength(2);
    expect(left).toContain("by-hand");
  });
});

describe("a restore of the database", () => {
  test("a dry run prints every step, and runs none", async () => {
    await restoreTo("latest", { dryRun: true });
    const said = printed();
    expect(said).toMatch(/what can be restored: any second from 20\S+Z to 20\S+Z/);
    expect(said).toContain("would plan before the switch:\n  terraform plan (must be empty)");
    expect(said).toMatch(/would restore into a new instance:\n {2}rds:RestoreDBInstanceToPointInTime /);
    expect(said).toContain('rds:ModifyDBInstance {"ManageMasterUserPassword":true}');
    expect(said).toContain('"NewDBInstanceIdentifier":"streamflow-test-database"');
    expect(said).toContain("terraform import aws_db_instance.database");
    expect(await instances()).toHaveLength(1);
  });

  test("a time outside the retention is rejected, with the available range", async () => {
    await expect(restoreTo(new Date("2020-01-01T00:00:00Z"))).rejects.toThrow(
      /--to must be a time from 20\S+Z to 20\S+Z, which RDS can restore, got 2020-01-01T00:00:00Z/,
    );
    const missing = { ...operation({ values: { ...unverified, snapshot: "none" } }), to: undefined };
    await expect(kinds.database.restore(missing)).rejects.toThrow("database snapshot none does not exist");
    const other = "streamflow-other-database";
    const small = { DBInstanceClass: "db.t4g.small", AllocatedStorage: 20, StorageEncrypted: true } as const;
    const login = { MasterUsername: "somebody", ManageMasterUserPassword: true } as const;
    await rds.send(
      new CreateDBInstanceCommand({ DBInstanceIdentifier: other, Engine: "postgres", ...small, ...login }),
    );
    const snapshot = { DBInstanceIdentifier: other, DBSnapshotIdentifier: "of-another" };
    await rds.send(new CreateDBSnapshotCommand(snapshot));
    const foreign = { ...operation({ values: { ...unverified, snapshot: "of-another" } }), to: undefined };
    await expect(kinds.database.restore(foreign)).rejects.toThrow(
      `of-another belongs to ${other} (postgres)`,
    );
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: other, SkipFinalSnapshot: true }));
    expect(await instances()).toHaveLength(1);
  });

  test("without a confirmation, the old instance keeps serving, and the new one stays next to it", async () => {
    await expect(restoreTo("latest")).rejects.toThrow("no terminal to ask for confirmation");
    await expect(restoreTo("latest", { ask: () => Promise.resolve("y") })).rejects.toThrow(
      'not confirmed (answer "y")',
    );
    const all = await instances();
    expect(all.map(({ DBInstanceIdentifier: id }) => id).sort()).toEqual([
      NAME,
      expect.stringContaining(`${NAME}-restored-`),
    ]);
    const restored = all.find(({ DBInstanceIdentifier: id }) => id !== NAME);
    expect(restored).toMatchObject({
      DeletionProtection: true,
      BackupRetentionPeriod: 7,
      StorageEncrypted: true,
    });
    expect(restored?.MasterUserSecret?.SecretArn).toBeDefined();
    expect(restored?.TagList).toContainEqual({ Key: "Project", Value: "streamflow" });
    const said = printed();
    expect(said).toMatch(/from an earlier run \(restored to latest 20\S+Z, made 0\.\d hours ago\)/);
  });

  test("a new instance that can't be verified is not switched to", async () => {
    await expect(restoreTo("latest", { yes: true, values: {} })).rejects.toThrow();
    const serving = (await instances()).find(({ DBInstanceIdentifier: id }) => id === NAME);
    expect(serving?.DbiResourceId).toBe(original?.DbiResourceId);
  });
});

describe("a restore of the state", () => {
  const put = async (json: object) => {
    const s3 = new S3Client(aws());
    const Body = JSON.stringify({
      serial: 1,
      lineage: "one",
      terraform_version: "1.11.4",
      resources: [],
      ...json,
    });
    const { VersionId = "" } = await s3.send(
      new PutObjectCommand({ Bucket: backend.bucket, Key: backend.key, Body }),
    );
    return VersionId;
  };
  const restore = (version: string, more: Partial<Operation> = {}) =>
    kinds.state.restore({ ...operation({ values: { version }, ...more }), to: undefined });
  const versions: string[] = [];

  beforeAll(async () => {
    const s3 = new S3Client(aws());
    const Bucket = backend.bucket;
    await s3.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    await s3.send(new PutObjectCommand({ Bucket, Key: `${backend.key}.tflock`, Body: "{}" }));
    versions.push(await put({ lineage: "another" }), await put({ serial: 4 }), await put({ serial: 5 }));
  });

  test("lists the versions without the lock, and prints what it would do", async () => {
    await restore(versions[1] ?? "", { dryRun: true });
    const said = printed();
    expect(said.match(/serial \d+, 0 resources/g)).toHaveLength(4);
    expect(said.match(/^ {2}\S.*/gm)).toHaveLength(3);
    expect(said).toMatch(new RegExp(`serial 5, .*${versions[2]} \\(current\\)`));
    expect(said).toContain("would push it as serial 6");
  });

  test("rejects a state of another lineage, the current one, and an unconfirmed restore", async () => {
    await expect(restore(versions[0] ?? "")).rejects.toThrow("has lineage another, the current state one");
    await expect(restore(versions[2] ?? "")).rejects.toThrow("is already the current one");
    await expect(restore(versions[1] ?? "")).rejects.toThrow("no terminal to ask for confirmation");
  });

  test("a backup names the version, and copies it for its owner alone", async () => {
    printed();
    await kinds.state.backup(operation());
    const said = printed();
    expect(said).toContain(`--version ${versions[2]}`);
    const file = /copy: (.*)\n/.exec(said)?.[1] ?? "";
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ serial: 5, lineage: "one" });
  });
});
