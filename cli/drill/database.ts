import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Client } from "pg";
import { enterableFolder, type PostgresServer, serviceUser } from "../../harness/local-servers";
import { type ArchivedDatabase, baseBackup, connect, restore, segments, startArchived } from "./archive";
import { type Row, rowsOf, Writer } from "./writer";

const MIGRATIONS = resolve(__dirname, "../../handlers/migrations");

/** Objectives of the database drill in seconds. RDS archives its log every five minutes. */
export const OBJECTIVES = { rpoSeconds: 300, rtoSeconds: 3_600 } as const;

export interface DatabaseDrillOptions {
  /** Folder of the drill's files, deleted at the end. */
  readonly folder: string;
  /** Rows before the first backup. */
  readonly rows: number;
  /** Milliseconds of changes before and after the chosen second. */
  readonly loadFor: number;
  /** Maximum delay of archiving, in seconds. */
  readonly archiveSeconds: number;
  readonly tell: (line: string) => void;
}

export interface Restored {
  /** Number of compared rows, and their differences; none if the drill succeeds. */
  readonly rows: number;
  readonly differences: readonly string[];
  /** Seconds from the decision to restore until every row is readable. */
  readonly rtoSeconds: number;
  /** Seconds between the first lost change and the disaster; 0 if nothing before the chosen second is lost. */
  readonly rpoSeconds: number;
}

export interface DatabaseDrill {
  readonly changes: number;
  readonly segments: number;
  /** All rows are deleted; restored to the second before. */
  readonly toSecond: Restored;
  /** Machine and disk are lost; restored to the end of the archive. */
  readonly toLatest: Restored;
}

/**
 * Loads a database, backs it up during writes, deletes all rows, kills the server, and restores twice: to a chosen
 * second and to the end of the archive. Compares all rows both times.
 */
export async function databaseDrill(options: DatabaseDrillOptions): Promise<DatabaseDrill> {
  const { tell } = options;
  // The server's user needs access to it.
  rmSync(enterableFolder(options.folder, serviceUser()), { recursive: true, force: true });
  const folder = enterableFolder(options.folder, serviceUser());
  const database = await startArchived(folder, options.archiveSeconds);
  const backup = join(folder, "backup");
  let died = false;
  try {
    const client = await connect(database.server);
    await migrate(client);
    const writer = new Writer(client);
    const drilled = { database, backup, folder, writer };
    await writer.fill(options.rows);
    tell(`${options.rows} rows loaded`);
    writer.start();
    await baseBackup(database, backup);
    await pause(options.loadFor);
    const chosen = new Date(Math.ceil((Date.now() + 500) / 1_000) * 1_000);
    await pause(chosen.getTime() - Date.now() + options.loadFor);
    tell(`backed up under load, ${writer.changes} changes so far; deleting all rows`);
    await writer.stop();
    await client.query("DELETE FROM media");
    await archived(client, database);
    const toSecond = await restoreAndCompare(drilled, { chosen });
    tell(`restored to ${chosen.toISOString()}`);

    await client.query("TRUNCATE media");
    writer.forget();
    writer.start();
    await pause(options.loadFor + options.archiveSeconds * 1_000);
    // The last changes may not be archived yet; that is the RPO.
    await database.server.kill();
    died = true;
    const disaster = new Date();
    rmSync(database.server.data, { recursive: true, force: true });
    await writer.stop();
    tell("machine and disk are lost");
    const toLatest = await restoreAndCompare(drilled, { disaster });
    return { changes: writer.changes, segments: segments(database).length, toSecond, toLatest };
  } finally {
    if (!died) await database.server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A database with its base backup and the history of its rows. */
interface DrilledDatabase {
  readonly database: ArchivedDatabase;
  readonly backup: string;
  /** Parent folder of restored databases. */
  readonly folder: string;
  readonly writer: Writer;
}

/** Restores to a chosen second, or after a disaster to the end of the archive, and compares all rows. */
async function restoreAndCompare(
  { database, backup, folder, writer }: DrilledDatabase,
  to: { readonly chosen: Date } | { readonly disaster: Date },
): Promise<Restored> {
  const chosen = "chosen" in to ? to.chosen : undefined;
  const home = join(folder, chosen === undefined ? "latest" : "second");
  const began = Date.now();
  const server = await restore(database, { backup, folder: home, time: chosen });
  try {
    const found = await read(server);
    const rtoSeconds = (Date.now() - began) / 1_000;
    const last = chosen ?? newest(found);
    const { differences, lost } = writer.compare(found, last);
    return {
      rows: found.size,
      differences,
      rtoSeconds,
      rpoSeconds: "disaster" in to && lost ? (to.disaster.getTime() - lost.getTime()) / 1_000 : 0,
    };
  } finally {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function read(server: PostgresServer): Promise<Map<string, Row>> {
  const client = await connect(server);
  try {
    return await rowsOf(client);
  } finally {
    await client.end();
  }
}

function newest(rows: ReadonlyMap<string, { readonly at: Date }>): Date {
  let last = 0;
  for (const { at } of rows.values()) last = Math.max(last, at.getTime());
  return new Date(last);
}

async function migrate(client: Client): Promise<void> {
  for (const name of readdirSync(MIGRATIONS).sort()) {
    await client.query(readFileSync(join(MIGRATIONS, name), "utf8"));
  }
}

/** Waits until all committed changes are archived. */
async function archived(client: Client, database: ArchivedDatabase): Promise<void> {
  const { rows } = await client.query<{ segment: string }>(
    "SELECT pg_walfile_name(pg_switch_wal()) AS segment",
  );
  while ((segments(database).at(-1) ?? "") < (rows[0]?.segment ?? "")) await pause(50);
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
