import {
  type DBSnapshot,
  DBSnapshotNotFoundFault,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { Refusal } from "@packages/cli-kit/refusal";
import { iso, type Moment, momentText } from "@packages/cli-kit/timestamp";
import { checkSnapshot, isBeside } from "./names";

/** What is restored: the database as it was at a time, or a snapshot. */
export type Source =
  | {
      readonly to: Moment;
      /** Of `latest`: the last second that RDS could restore when it was asked. */
      readonly latest?: Date;
    }
  | { readonly snapshot: string };

/** Reads `--to` and `--snapshot`, of which there must be one. */
export function sourceOf(to: Moment | undefined, snapshot: string | undefined): Source {
  if (snapshot !== undefined && to === undefined) return { snapshot: checkSnapshot(snapshot) };
  if (to !== undefined && snapshot === undefined) return { to };
  throw new Refusal("a database is restored from either --to TIME or --snapshot NAME");
}

/** What is written in tags and messages: a time, `latest` with the second that it was, or a snapshot. */
export function sourceText(source: Source): string {
  if ("snapshot" in source) return `snapshot ${source.snapshot}`;
  return source.latest ? `latest ${iso(source.latest)}` : momentText(source.to);
}

/** Whether a restore that began with the text of `begun` is one of what is asked for now. */
export function isOf(begun: string | undefined, asked: string): boolean {
  return (
    begun === asked || begun === `latest ${asked}` || (asked === "latest" && /^latest /.test(begun ?? ""))
  );
}

/** The database whose data it must be. */
export interface Wanted {
  readonly resourceId: string;
  readonly identifier: string;
  readonly engine: string;
}

/** What is restored, and what a person is told of it. */
export interface Checked {
  readonly source: Source;
  readonly description: string;
}

/** Throws a Refusal that says what there is, when AWS does not have what is asked for. */
export async function checkSource(rds: RDSClient, source: Source, of: Wanted): Promise<Checked> {
  const { resourceId } = of;
  if ("snapshot" in source)
    return { source, description: await checkSnapshotExists(rds, source.snapshot, of) };
  const { DBInstanceAutomatedBackups: [backup] = [] } = await rds.send(
    new DescribeDBInstanceAutomatedBackupsCommand({ DbiResourceId: resourceId }),
  );
  const { EarliestTime: from, LatestTime: until } = backup?.RestoreWindow ?? {};
  if (from === undefined || until === undefined) {
    throw new Refusal(
      `RDS has no automated backups of ${resourceId}: restore a snapshot with --snapshot NAME`,
    );
  }
  const window = `from ${iso(from)} to ${iso(until)}`;
  if (source.to !== "latest" && (source.to < from || source.to > until)) {
    throw new Refusal(`--to must be a time ${window}, got ${iso(source.to)}: RDS can restore no other`);
  }
  return {
    source: source.to === "latest" ? { ...source, latest: until } : source,
    description: `any second ${window}`,
  };
}

async function checkSnapshotExists(rds: RDSClient, name: string, of: Wanted): Promise<string> {
  const found = await rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: name })).then(
    ({ DBSnapshots = [] }) => DBSnapshots[0],
    (error: Error) => {
      if (error instanceof DBSnapshotNotFoundFault) return undefined;
      throw error;
    },
  );
  if (found === undefined) {
    throw new Refusal(`there is no database snapshot ${name}: aws rds describe-db-snapshots lists them`);
  }
  if (found.Status !== "available" || found.Encrypted !== true) {
    const why = found.Encrypted === true ? `is ${found.Status}` : "is not encrypted";
    throw new Refusal(`--snapshot must be one that is available and encrypted: ${name} ${why}`);
  }
  checkWhose(found, name, of);
  const time = found.SnapshotCreateTime ? iso(found.SnapshotCreateTime) : "unknown time";
  return `${name} of ${time}, of ${found.DBInstanceIdentifier}`;
}

/** Throws a Refusal for a snapshot of another database: the application would be given another's data. */
export function checkWhose(
  { DBInstanceIdentifier: whose = "", Engine }: DBSnapshot,
  name: string,
  { identifier, engine }: Wanted,
): void {
  const purposes = ["replaced", "restored"] as const;
  const ours = whose === identifier || purposes.some((purpose) => isBeside(whose, { identifier, purpose }));
  if (ours && Engine === engine) return;
  throw new Refusal(
    `--snapshot must be one of ${identifier} (${engine}): ${name} is of ${whose} (${Engine})`,
  );
}
