import {
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  type RDSClientConfig,
  waitUntilDBInstanceDeleted,
} from "@aws-sdk/client-rds";
import type { Steps } from "@packages/cli-kit/progress";

/** A snapshot or an instance of a database that no Terraform state holds. */
export interface DatabaseBackup {
  readonly arn: string;
  readonly kind: "snapshot" | "db";
  readonly region: string;
  /** Identifier of the snapshot or instance. */
  readonly id: string;
}

/** Seconds until a database is deleted; a large one takes a quarter of an hour. */
const DELETION_TIMEOUT_S = 3_600;

/** Snapshots and instances of databases among these ARNs. */
export function backupsAmong(arns: readonly string[]): DatabaseBackup[] {
  return arns.flatMap((arn) => {
    const [, region = "", kind, id = ""] = /^arn:[^:]+:rds:([^:]+):\d+:(snapshot|db):(.+)$/.exec(arn) ?? [];
    return kind === "snapshot" || kind === "db" ? [{ arn, kind, region, id }] : [];
  });
}

/** Deletes them; instances without another snapshot. One that is gone already is no error: the tagging API answers it for a while. */
export async function deleteBackups(
  config: RDSClientConfig,
  backups: readonly DatabaseBackup[],
  steps: Steps,
): Promise<void> {
  for (const { kind, region, id } of backups) {
    const rds = new RDSClient({ ...config, region });
    await steps
      .run(`delete ${id}`, () =>
        (kind === "snapshot" ? deleteSnapshot(rds, id) : deleteInstance(rds, id)).catch(ignoreMissing),
      )
      .finally(() => rds.destroy());
  }
}

function ignoreMissing(error: Error): void {
  if (!["DBInstanceNotFoundFault", "DBSnapshotNotFoundFault"].includes(error.name)) throw error;
}

async function deleteSnapshot(rds: RDSClient, DBSnapshotIdentifier: string): Promise<void> {
  await rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier }));
}

async function deleteInstance(rds: RDSClient, DBInstanceIdentifier: string): Promise<void> {
  await rds.send(
    new ModifyDBInstanceCommand({ DBInstanceIdentifier, DeletionProtection: false, ApplyImmediately: true }),
  );
  await rds.send(
    new DeleteDBInstanceCommand({
      DBInstanceIdentifier,
      SkipFinalSnapshot: true,
      DeleteAutomatedBackups: true,
    }),
  );
  await waitUntilDBInstanceDeleted(
    { client: rds, maxWaitTime: DELETION_TIMEOUT_S },
    { DBInstanceIdentifier },
  );
}
