import { DeleteObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { eachOf } from "@packages/cli-kit/concurrency";
import { type Choice, choose, type RestoreTime, type Sides, type Wanted } from "./version-selection";
import { copyVersion } from "./copy";
import { joined } from "./join-by-key";
import { keptOf } from "./object-metadata";
import { RestoreReport } from "./restore-report";
import { headOf, type ObjectVersion } from "./object-equality";
import { fromBackup, withStoredTimes } from "./stored-at";
import { histories, type History } from "./versions";

export interface RestoreOptions extends RestoreTime {
  readonly client: S3Client;
  readonly bucket: string;
  readonly prefix: string;
  /** Backup bucket and the prefix of this bucket's copies; undefined without a backup. */
  readonly backup: { readonly bucket: string; readonly prefix: string } | undefined;
  /** Hide objects created after the time. */
  readonly exact: boolean;
  readonly dryRun: boolean;
  /** Stops further keys from starting. */
  readonly signal?: AbortSignal;
  /** Report that is filled while it works. */
  readonly report?: RestoreReport;
}

/** Number of keys processed at once. */
const CONCURRENCY = 24;

/**
 * Restores the objects below a prefix to a time, as new versions. No version is deleted, so a restore can be undone. It
 * is idempotent and can be resumed with the same call. Failures of single keys are in the report and don't stop the
 * others.
 */
export async function restoreObjects(options: RestoreOptions): Promise<RestoreReport> {
  const { client, bucket, prefix, backup, signal } = options;
  const report = options.report ?? new RestoreReport();
  const keys = new KeyRestore(options, report);
  const copies = backup === undefined ? nothing() : histories(client, backup);
  await eachOf(
    joined(histories(client, { bucket, prefix }), copies),
    { concurrency: CONCURRENCY, signal },
    async ({ key, one, other }) => {
      try {
        await keys.restore(key, { bucket: one?.entries ?? [], backup: other?.entries ?? [] });
      } catch (error) {
        report.failed.push({ key, why: (error as Error).message });
      }
      report.keys++;
    },
  );
  return report;
}

/** Restores single keys and records the results. */
class KeyRestore {
  constructor(
    private readonly options: RestoreOptions,
    private readonly report: RestoreReport,
  ) {}

  async restore(key: string, sides: Sides): Promise<void> {
    const choice = await this.choose(key, sides);
    switch (choice.kind) {
      case "copy":
        return this.copy(key, choice.wanted);
      case "later":
        this.report.later++;
        if (this.options.exact) await this.hide(key);
        return;
      case "lost":
      case "unknown":
        this.report[choice.kind].push(key);
        return;
      case "same":
      case "absent":
        this.report[choice.kind]++;
    }
  }

  /** The choice for a key, after comparing contents if the lists don't decide. */
  private async choose(key: string, sides: Sides): Promise<Choice> {
    const { client, bucket, backup, keptSince } = this.options;
    let choice = choose(sides, this.options);
    const isKnown = choice.kind === "same" || choice.kind === "copy";
    const oldest = sides.bucket.at(-1);
    if (!isKnown && backup !== undefined && !(oldest !== undefined && oldest.modified > keptSince)) {
      const copies = await withStoredTimes(client, { bucket: backup.bucket, key }, sides.backup);
      choice = choose({ ...sides, backup: copies }, this.options);
    }
    if (choice.kind !== "same" || choice.like === undefined) return choice;
    const [now, then] = await Promise.all([
      headOf(client, { bucket, key }),
      headOf(client, this.versionOf(key, choice.like)),
    ]);
    const shown = [keptOf(now), keptOf(then, fromBackup)].map((kept) => JSON.stringify(kept));
    return shown[0] === shown[1] ? { kind: "same" } : { kind: "copy", wanted: choice.like };
  }

  private async copy(key: string, wanted: Wanted): Promise<void> {
    const { bucket, client, dryRun } = this.options;
    if (!dryRun) {
      const from = this.versionOf(key, wanted);
      const copied = await copyVersion(client, { from, to: { bucket, key }, ...fromBackup });
      this.report.proved(copied.proof);
    }
    this.report.chose(key, wanted);
  }

  private async hide(key: string): Promise<void> {
    const { client, bucket, dryRun } = this.options;
    if (!dryRun) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }

  private versionOf(key: string, { from, entry }: Wanted): ObjectVersion {
    const { bucket, backup } = this.options;
    const holder = from === "bucket" ? bucket : (backup?.bucket ?? bucket);
    return { bucket: holder, key, versionId: entry.versionId };
  }
}

async function* nothing(): AsyncGenerator<History> {
  // Without a backup there are no keys.
}
