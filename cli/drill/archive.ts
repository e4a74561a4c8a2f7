import {
  dataFolder,
  enterableFolder,
  type PostgresServer,
  privateFolder,
  serviceUser,
  startPostgres,
} from "../../harness/local-servers";
import { execFileSync } from "node:child_process";
import { chownSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { optional } from "../../stacks/lib/optional";

/** A database with archived write-ahead log, as RDS has for point-in-time recovery. */
export interface ArchivedDatabase {
  readonly server: PostgresServer;
  /** Folder of archived segments of the write-ahead log. */
  readonly archive: string;
}

/** Starts the database. `archiveSeconds` is the maximum delay of archiving, the RPO's worst case. */
export async function startArchived(folder: string, archiveSeconds: number): Promise<ArchivedDatabase> {
  const archive = enterableFolder(join(folder, "archive"), serviceUser());
  const server = await startPostgres({
    folder: join(folder, "database"),
    log: join(folder, "database.log"),
    settings: {
      archive_mode: "on",
      archive_command: `test ! -f ${archive}/%f && cp %p ${archive}/%f`,
      archive_timeout: `${archiveSeconds}s`,
      full_page_writes: "on",
      track_commit_timestamp: "on",
      wal_level: "replica",
    },
  });
  return { server, archive };
}

/** Makes a base backup: copies the running database's files, which are consistent after replay of the log. */
export async function baseBackup({ server }: ArchivedDatabase, target: string): Promise<void> {
  const client = await connect(server);
  try {
    await client.query("SELECT pg_backup_start('drill', fast => true)");
    copy(server.data, target);
    for (const name of ["postmaster.pid", "postmaster.opts"]) rmSync(join(target, name), { force: true });
    rmSync(join(target, "pg_wal"), { recursive: true, force: true });
    const { rows } = await client.query<{ label: string }>(
      "SELECT labelfile AS label FROM pg_backup_stop(wait_for_archive => true)",
    );
    writeFileSync(join(target, "backup_label"), rows[0]?.label ?? "");
  } finally {
    await client.end();
  }
}

export interface RestoreOptions {
  /** Folder of the base backup. */
  readonly backup: string;
  /** Folder of the second database. */
  readonly folder: string;
  readonly time?: Date | undefined;
}

/**
 * Restores a second database from a base backup and the archived log, to a time or else to the end of the archive.
 * Resolves when it accepts changes.
 */
export async function restore(
  { archive, server }: ArchivedDatabase,
  { backup, folder, time }: RestoreOptions,
): Promise<PostgresServer> {
  const data = dataFolder(folder);
  copy(backup, data);
  cpSync(`${server.data}.password`, `${data}.password`);
  mkdirSync(join(data, "pg_wal"), { mode: 0o700 });
  writeFileSync(join(data, "recovery.signal"), "");
  own(data);
  const restored = await startPostgres({
    folder,
    log: `${folder}.log`,
    settings: {
      restore_command: `cp ${archive}/%f %p`,
      recovery_target_action: "promote",
      full_page_writes: "on",
      track_commit_timestamp: "on",
      ...optional({ recovery_target_time: time?.toISOString().replace("T", " ").replace("Z", "+00") }),
    },
  });
  await promoted(restored);
  return restored;
}

/** Segments in the archive, oldest first. */
export function segments({ archive }: ArchivedDatabase): string[] {
  return readdirSync(archive)
    .filter((name) => /^[0-9A-F]{24}$/.test(name))
    .sort();
}

export async function connect({ host, port, user, password, database }: PostgresServer): Promise<Client> {
  const client = new Client({ host, port, user, password, database });
  // Killing the server ends its connections; this handles their error events.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function promoted(server: PostgresServer): Promise<void> {
  const client = await connect(server);
  try {
    for (;;) {
      const { rows } = await client.query<{ recovering: boolean }>(
        "SELECT pg_is_in_recovery() AS recovering",
      );
      if (rows[0]?.recovering === false) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await client.end();
  }
}

/** Copies with owners and modes. The server keeps writing; vanished files are in the log. */
function copy(from: string, to: string): void {
  privateFolder(join(to, ".."), serviceUser());
  execFileSync("cp", ["-a", from, to], { stdio: "ignore" });
}

function own(path: string): void {
  const user = serviceUser();
  if (!user) return;
  execFileSync("chown", ["-R", `${user.uid}:${user.gid}`, path]);
  chownSync(`${path}.password`, user.uid, user.gid);
}
