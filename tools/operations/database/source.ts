import {
  DBSnapshotNotFoundFault,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBSnapshotsCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { Refusal } from "../../delivery/refusal";
import { iso, type Moment, momentText } from "../moment";
import { checkSnapshot } from "./names";

/** What is restored: the database as it was at a time, or a snapshot. */
export type Source = { readonly to: Moment } | { readonly snapshot: string };

/** Reads `--to` and `--snapshot`, of which there must be one. */
export function sourceOf(to: Moment | undefined, snapshot: string | boolean | undefined): Source {
  if ((to === undefined) === (snapshot === undefined)) {
    throw new Refusal("npm run restore -- ENVIRONMENT database wants either --to TIME or --snapshot NAME");
  }
  return to === undefined ? { snapshot: checkSnapshot(String(snapshot)) } : { to };
}

/** What is written in tags and messages. */
export function sourceText(source: Source): string {
  return "to" in source ? momentText(source.to) : `snapshot ${source.snapshot}`;
}

/** Throws a Refusal that says what there is, when AWS does not have what is asked for. */
export async function checkSource(rds: RDSClient, source: Source, resourceId: string): Promise<string> {
  if ("snapshot" in source) return checkSnapshotExists(rds, source.snapshot);
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
  return `any second ${window}`;
}

async function checkSnapshotExists(rds: RDSClient, name: string): Promise<string> {
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
  return `${name} of ${found.SnapshotCreateTime ? iso(found.SnapshotCreateTime) : "unknown time"}`;
}
