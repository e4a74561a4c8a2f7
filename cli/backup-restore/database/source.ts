import {
  type DBSnapshot,
  DBSnapshotNotFoundFault,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { Refusal } from "@packages/cli-kit/refusal";
import { iso, type Moment, momentText } from "@packages/cli-kit/timestamp";
import { checkSnapshot, hasPurpose } from "./names";

/** Source of a restore: a point in time or a snapshot. */
export type Source =
  | {
      readonly to: Moment;
      /** With `latest`: the last restorable second at the time of the request. */
      readonly latest?: Date;
    }
  | { readonly snapshot: string };

/** Parses `--to` and `--snapshot`. Throws unless exactly one is given. */
export function sourceOf(to: Moment | undefined, snapshot: string | undefined): Source {
  if (snapshot !== undefined && to === undefined) return { snapshot: checkSnapshot(snapshot) };
  if (to !== undefined && snapshot === undefined) return { to };
  throw new Refusal("pass either --to TIME or --snapshot NAME");
}

/** The source as text of tags and messages: a time, `latest` with its second, or a snapshot. */
export function sourceText(source: Source): string {
  if ("snapshot" in source) return `snapshot ${source.snapshot}`;
  return source.latest ? `latest ${iso(source.latest)}` : momentText(source.to);
}

/** Whether the source text of an unfinished restore matches the requested one. */
export function isOf(begun: string | undefined, asked: string): boolean {
  return (
    begun === asked || begun === `latest ${asked}` || (asked === "latest" && /^latest /.test(begun ?? ""))
  );
}

/** The database to restore. */
export interface Wanted {
  readonly resourceId: string;
  readonly identifier: string;
  readonly engine: string;
}

/** A checked source with its description. */
export interface Checked {
  readonly source: Source;
  readonly description: string;
}

/** Checks that RDS has the source. Throws a Refusal with what is available. */
export async function checkSource(rds: RDSClient, source: Source, of: Wanted): Promise<Checked> {
  const { resourceId } = of;
  if ("snapshot" in source)
    return { source, description: await checkSnapshotExists(rds, source.snapshot, of) };
  const { DBInstanceAutomatedBackups: [backup] = [] } = await rds.send(
    new DescribeDBInstanceAutomatedBackupsCommand({ DbiResourceId: resourceId }),
  );
  const { EarliestTime: from, LatestTime: until } = backup?.RestoreWindow ?? {};
  if (from === undefined || until === undefined) {
    throw new Refusal(`RDS has no automated backups of ${resourceId}: use --snapshot NAME`);
  }
  const window = `from ${iso(from)} to ${iso(until)}`;
  if (source.to !== "latest" && (source.to < from || source.to > until)) {
    throw new Refusal(`--to must be a time ${window}, which RDS can restore, got ${iso(source.to)}`);
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
    throw new Refusal(
      `database snapshot ${name} does not exist; list them with aws rds describe-db-snapshots`,
    );
  }
  if (found.Status !== "available" || found.Encrypted !== true) {
    const why = found.Encrypted === true ? `is ${found.Status}` : "is not encrypted";
    throw new Refusal(`--snapshot must be available and encrypted: ${name} ${why}`);
  }
  checkWhose(found, name, of);
  const time = found.SnapshotCreateTime ? iso(found.SnapshotCreateTime) : "unknown time";
  return `${name} of ${time}, of ${found.DBInstanceIdentifier}`;
}

/** Throws a Refusal if the snapshot is of another database, whose data the application would get. */
export function checkWhose(
  { DBInstanceIdentifier: whose = "", Engine }: DBSnapshot,
  name: string,
  { identifier, engine }: Wanted,
): void {
  const purposes = ["replaced", "restored"] as const;
  const ours = whose === identifier || purposes.some((purpose) => hasPurpose(whose, { identifier, purpose }));
  if (ours && Engine === engine) return;
  throw new Refusal(
    `--snapshot must belong to ${identifier} (${engine}): ${name} belongs to ${whose} (${Engine})`,
  );
}
