import { S3Client } from "@aws-sdk/client-s3";
import { Refusal } from "@packages/cli-kit/refusal";
import { confirm } from "@packages/cli-kit/confirm";
import { BUCKETS } from "../names";
import type { Kind, Operation } from "../kind";
import { iso } from "@packages/cli-kit/timestamp";
import { backupObjects, BackupReport } from "./backup";
import { type Area, AREAS, backupOf, keptSince } from "./places";
import { restoreObjects, type RestoreOptions } from "./restore";
import { RestoreReport } from "./restore-report";

/** Backup and restore of the environment's buckets. */
export const objects: Kind = {
  async backup(operation) {
    const s3 = client(operation);
    try {
      const reports = [];
      for (const area of areasOf(operation)) reports.push(await backUpArea(operation, s3, area));
      if (reports.some(({ failed }) => failed.length > 0)) throw new Error("some objects have no equal copy");
    } finally {
      s3.destroy();
    }
  },
  async restore(operation) {
    const { values, to } = operation;
    if (values.bucket === undefined)
      throw new Refusal(`missing --bucket: must be one of ${BUCKETS.join(", ")}`);
    if (to === undefined) throw new Refusal("missing --to TIME");
    const s3 = client(operation);
    try {
      const time = to === "latest" ? operation.began : to;
      await restoreArea(operation, s3, { area: values.bucket, time });
    } finally {
      s3.destroy();
    }
  },
};

async function backUpArea(operation: Operation, s3: S3Client, area: Area): Promise<BackupReport> {
  const { steps, dryRun, values } = operation;
  const bucket = await bucketOf(operation, area);
  const backup = await backupOf(s3, bucket);
  const prefix = backupPrefix(area, values.prefix) ?? AREAS[area].prefix;
  const report = new BackupReport();
  await steps.run(
    `${bucket}/${prefix} and its copies in ${backup.bucket}`,
    (status) => {
      status(() => report.progress);
      const read = values.read === true;
      return backupObjects({ client: s3, bucket, backup, prefix, read, dryRun, report });
    },
    () => report.progress,
  );
  for (const line of report.lines({ dryRun })) steps.line(`  ${line}`);
  return report;
}

async function restoreArea(
  operation: Operation,
  s3: S3Client,
  { area, time }: { readonly area: Area; readonly time: Date },
): Promise<void> {
  const { steps, dryRun, values, prepared, began } = operation;
  const bucket = await bucketOf(operation, area);
  const since = await keptSince(s3, bucket, began);
  const text = values.prefix ?? "";
  const prefix = backupPrefix(area, text);
  const backup = prefix === undefined ? undefined : { bucket: (await backupOf(s3, bucket)).bucket, prefix };
  const exact = values.exact === true;
  const options = { client: s3, bucket, prefix: text, backup, time, keptSince: since, exact };
  steps.line(
    `${bucket} has old versions since ${iso(since)}` +
      (time < since
        ? `: versions that were current at ${iso(time)} and overwritten before that are gone`
        : ""),
  );
  const compare = (title: string) => run(operation, title, { ...options, dryRun: true });
  const plan = await compare(`compare ${bucket}/${text} with ${iso(time)}`);
  for (const line of plan.lines({ dryRun: true, exact })) steps.line(`  ${line}`);
  if (dryRun) return steps.line("dry run: nothing was changed");
  if (plan.copied > 0 || (exact && plan.later > 0)) {
    await confirm(`Restore these versions in ${bucket} of ${prepared.target.name}?`, operation);
    const done = await run(operation, "restore", { ...options, dryRun: false });
    for (const line of done.lines({ dryRun: false, exact })) steps.line(`  ${line}`);
    if (area === "uploads") steps.line(`  ${SOURCES}`);
    const left = await compare("look again");
    steps.line(`  ${left.same} unchanged, ${left.copied} left to restore`);
    if (done.failed.length > 0 || left.copied > 0)
      throw new Error("some keys were not restored; run the same command again to continue");
  } else steps.line("nothing to restore");
  if (plan.failed.length > 0)
    throw new Error(`${plan.failed.length} keys could not be read; run the same command again to retry`);
  if (plan.lost.length > 0) throw new Error(`${plan.lost.length} keys have no version left in either bucket`);
}

/** Note about the S3 events of restored sources. */
const SOURCES =
  "each restored source sends an event to the media queue; the processor skips sources whose content it has processed";

function run(operation: Operation, title: string, options: RestoreOptions): Promise<RestoreReport> {
  const report = new RestoreReport();
  return operation.steps.run(
    title,
    (status) => {
      status(() => report.progress);
      return restoreObjects({ ...options, report });
    },
    () => report.progress,
  );
}

function client({ prepared }: Operation): S3Client {
  return new S3Client({ ...prepared.access.client, maxAttempts: 8 });
}

function areasOf({ values }: Operation): readonly Area[] {
  return values.bucket === undefined ? BUCKETS : [values.bucket];
}

async function bucketOf({ prepared }: Operation, area: Area): Promise<string> {
  const { output } = AREAS[area];
  const value = (await prepared.stack.outputs())[output];
  if (typeof value !== "string")
    throw new Error(`the stack has no output ${output}: deploy the environment first`);
  return value;
}

/** Prefix in the backup bucket for a prefix of an area; undefined if there can be no copies. */
function backupPrefix(area: Area, prefix = ""): string | undefined {
  const own = AREAS[area].prefix;
  if (prefix.startsWith(own)) return prefix;
  return own.startsWith(prefix) ? own : undefined;
}
