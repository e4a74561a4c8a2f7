import { DeleteObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { eachOf } from "@packages/cli-kit/concurrency";
import { type Choice, choose, type Sides, type Wanted } from "./version-selection";
import { copyVersion } from "./copy";
import { joined } from "./join-by-key";
import { keptOf } from "./object-metadata";
import { RestoreReport } from "./restore-report";
import { headOf, type ObjectVersion } from "./object-equality";
import { fromBackup, trueTimes } from "./stored-at";
import { histories, type History } from "./versions";

export interface RestoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly prefix: string;
  /** The bucket of copies, and below which prefix it has those of this bucket; undefined when it has none. */
  readonly backup: { readonly bucket: string; readonly prefix: string } | undefined;
  readonly time: Date;
  /** Since when every old version is kept. */
  readonly keptSince: Date;
  /** Hide what was not there at the time. */
  readonly exact: boolean;
  readonly dryRun: boolean;
  /** Keys at a time. */
  readonly atOnce?: number;
  /** When it comes, no further key is begun. */
  readonly signal?: AbortSignal;
  /** Told to who shows the progress, as it fills. */
  readonly report?: RestoreReport;
}

const CONCURRENCY = 24;

/**
 * Brings the objects below a prefix to what they were at a time, by new versions on top: none is ever deleted, so a
 * restore can itself be taken back. Done already, it changes nothing; broken off, the same call goes on. What fails of
 * one key is in the report, and does not keep the others.
 */
export async function restoreObjects(options: RestoreOptions): Promise<RestoreReport> {
  const { client, bucket, prefix, backup, atOnce = CONCURRENCY, signal } = options;
  const report = options.report ?? new RestoreReport();
  const copies = backup === undefined ? nothing() : histories(client, backup.bucket, backup.prefix);
  await eachOf(
    joined(histories(client, bucket, prefix), copies),
    { concurrency: atOnce, signal },
    async ({ key, one, other }) => {
      try {
        await restoreKey(key, { bucket: one?.entries ?? [], backup: other?.entries ?? [] }, options, report);
      } catch (error) {
        report.failed.push({ key, why: (error as Error).message });
      }
      report.keys++;
    },
  );
  return report;
}

async function restoreKey(
  key: string,
  sides: Sides,
  options: RestoreOptions,
  report: RestoreReport,
): Promise<void> {
  const choice = await decided(key, sides, options);
  switch (choice.kind) {
    case "copy":
      return copy(key, choice.wanted, options, report);
    case "later":
      report.later++;
      if (options.exact) await hide(key, options);
      return;
    case "lost":
    case "unknown":
      report[choice.kind].push(key);
      return;
    case "same":
    case "absent":
      report[choice.kind]++;
  }
}

/** The choice, with what only the objects themselves can tell. */
async function decided(key: string, sides: Sides, options: RestoreOptions): Promise<Choice> {
  const { client, bucket, backup, time, keptSince } = options;
  let choice = choose(sides, time, keptSince);
  const told = choice.kind === "same" || choice.kind === "copy";
  const oldest = sides.bucket.at(-1);
  if (!told && backup !== undefined && !(oldest !== undefined && oldest.modified > keptSince)) {
    const copies = await trueTimes(client, backup.bucket, key, sides.backup);
    choice = choose({ ...sides, backup: copies }, time, keptSince);
  }
  if (choice.kind !== "same" || choice.like === undefined) return choice;
  const [now, then] = await Promise.all([
    headOf(client, { bucket, key }),
    headOf(client, versionOf(key, choice.like, options)),
  ]);
  const shown = [keptOf(now), keptOf(then, fromBackup)].map((kept) => JSON.stringify(kept));
  return shown[0] === shown[1] ? { kind: "same" } : { kind: "copy", wanted: choice.like };
}

async function copy(
  key: string,
  wanted: Wanted,
  options: RestoreOptions,
  report: RestoreReport,
): Promise<void> {
  const { bucket, client, dryRun } = options;
  if (!dryRun) {
    const copied = await copyVersion(client, versionOf(key, wanted, options), { bucket, key }, fromBackup);
    report.proved(copied.proof);
  }
  report.chose(key, wanted);
}

async function hide(key: string, { client, bucket, dryRun }: RestoreOptions): Promise<void> {
  if (!dryRun) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
}

function versionOf(key: string, { from, entry }: Wanted, { bucket, backup }: RestoreOptions): ObjectVersion {
  const holder = from === "bucket" ? bucket : (backup?.bucket ?? bucket);
  return { bucket: holder, key, versionId: entry.versionId };
}

async function* nothing(): AsyncGenerator<History> {
  // No backup has no keys.
}
