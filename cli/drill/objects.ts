import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { S3 } from "@aws-sdk/client-s3";
import { clientConfig, startEmulator } from "../../harness/local-servers";
import { backupObjects } from "../backup-restore/objects/backup";
import { restoreObjects } from "../backup-restore/objects/restore";
import { ObjectStock } from "./object-stock";
import { type Drill, type DrillResult, type Objectives, type Scene, secondOver, since } from "./result";

/** S3 replicates nearly all objects within 15 minutes; the restore here takes a fraction of an hour. */
const OBJECTIVES: Objectives = { rpoSeconds: 900, rtoSeconds: 3_600 };

const BUCKET = "uploads-drill";
const BACKUP = { bucket: "backup-drill", storageClass: "STANDARD_IA" } as const;
const PREFIX = "uploads/";
const CONCURRENCY = 24;

export interface ObjectsDrillOptions {
  readonly folder: string;
  readonly objects: number;
  readonly tell: (line: string) => void;
}

/**
 * Writes objects, some multipart; deletes and overwrites some and restores them to a second; then destroys all versions
 * and restores them from the backup bucket. Reads and compares all objects each time.
 */
export async function objectsDrill({ folder, objects, tell }: ObjectsDrillOptions): Promise<DrillResult> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const emulator = await startEmulator({ accountId: "111111111111", log: join(folder, "emulator.log") });
  const client = new S3(clientConfig(emulator.endpoint, "us-east-1"));
  try {
    for (const Bucket of [BUCKET, BACKUP.bucket]) {
      await client.createBucket({ Bucket });
      await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
    }
    const stock = new ObjectStock(client, { bucket: BUCKET, prefix: PREFIX }, CONCURRENCY);
    await stock.fill(objects);
    await backUp(client);
    tell(`${objects} objects written and backed up`);
    const scenes = [await toSecond(client, stock, tell), await fromBackup(client, stock, tell)];
    return {
      title: "Objects",
      unit: "objects",
      objectives: OBJECTIVES,
      setup: `A versioned bucket of ${objects} objects and its backup bucket, ${stock.versions} versions written in all.`,
      scenes,
      meaning:
        "Compared are SHA-256 digests. Here `npm run backup` makes the copies in the backup bucket; on AWS " +
        "replication does, usually within seconds and with more concurrency.",
    };
  } finally {
    client.destroy();
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const objects: Drill = { run: (folder, tell) => objectsDrill({ folder, tell, objects: 3_000 }) };

/** A third is deleted, a third overwritten, and more is written; restored to the second before. */
async function toSecond(client: S3, stock: ObjectStock, tell: (line: string) => void): Promise<Scene> {
  const time = await secondOver();
  const wanted = stock.now();
  await stock.damage();
  tell(`a third deleted, a third overwritten; restoring to ${time.toISOString()}`);
  const began = Date.now();
  const report = await restoreObjects({ ...place(client), time, keptSince: new Date(0) });
  const rtoSeconds = since(began);
  stock.is(wanted);
  const { compared, differences } = await stock.compare();
  return {
    what: "a third deleted, a third overwritten; restored to a chosen second",
    compared,
    differences: [...differences, ...report.failed.map(({ key, why }) => `${key}: ${why}`)],
    rpoSeconds: differences.length === 0 ? 0 : since(time.getTime()),
    rtoSeconds,
  };
}

/** All versions are destroyed; restored from the backup bucket. */
async function fromBackup(client: S3, stock: ObjectStock, tell: (line: string) => void): Promise<Scene> {
  await backUp(client);
  const saved = stock.now();
  const began = Date.now();
  const late = await stock.add(`late ${randomBytes(4).toString("hex")}`);
  await stock.destroy();
  const disaster = Date.now();
  tell("all versions destroyed; restoring from the backup bucket");
  const decided = Date.now();
  const options = { ...place(client), time: new Date(), keptSince: new Date(0) };
  const report = await restoreObjects(options);
  const rtoSeconds = since(decided);
  stock.is(saved);
  const { compared, differences } = await stock.compare();
  const lost = (await stock.has(late)) ? 0 : (disaster - began) / 1_000;
  return {
    what: "all versions destroyed; restored from the backup bucket",
    compared,
    differences: [...differences, ...report.failed.map(({ key, why }) => `${key}: ${why}`)],
    // Objects written after the last copy are lost.
    rpoSeconds: lost,
    rtoSeconds,
  };
}

const place = (client: S3) => ({
  client,
  bucket: BUCKET,
  prefix: PREFIX,
  backup: { bucket: BACKUP.bucket, prefix: PREFIX },
  exact: true,
  dryRun: false,
});

async function backUp(client: S3): Promise<void> {
  const options = { client, bucket: BUCKET, backup: BACKUP, prefix: PREFIX, read: false, dryRun: false };
  const { failed } = await backupObjects(options);
  if (failed[0] !== undefined) throw new Error(`${failed[0].key} not backed up: ${failed[0].why}`);
}
