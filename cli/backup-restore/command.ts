import { defineCommand } from "@packages/cli-kit/command";
import { typed } from "@packages/cli-kit/parse-command-line";
import { momentType } from "@packages/cli-kit/timestamp";
import {
  choice,
  flag,
  integer,
  option,
  optionalPositional,
  positional,
  text,
} from "@packages/cli-kit/values";
import { BUCKETS, KIND_NAMES, type KindName } from "./names";
import { accept, dryRun, environmentName, outFolder, yes } from "../lib/environment";

const kind = choice("KIND", KIND_NAMES);
const environment = positional(environmentName, "the environment");
const out = outFolder(".local/operations");
const bucket = option(choice("BUCKET", BUCKETS), "objects: this bucket only");
const prefix = option(text("PREFIX"), "objects: only keys with this prefix; needs --bucket");

const ON_SIGNAL = "stopped between two steps; run the same command again to continue";

/** Options that belong to one kind of data. */
const OWNERS: Readonly<Record<string, KindName>> = {
  keep: "database",
  snapshot: "database",
  withPendingChanges: "database",
  unverified: "database",
  bucket: "objects",
  prefix: "objects",
  read: "objects",
  exact: "objects",
  version: "state",
};

/** Error text if an option does not belong to the given kind of data; undefined otherwise. */
function ownerFault(
  input: Readonly<Record<string, unknown>> & { readonly kind: KindName | undefined },
): string | undefined {
  for (const [key, owner] of Object.entries(OWNERS)) {
    const given = input[key] !== undefined && input[key] !== false;
    if (given && input.kind !== owner)
      return `${typed(key)} only works with KIND ${owner}, got ${input.kind ?? "none"}`;
  }
  return undefined;
}

export const backup = defineCommand({
  name: "backup",
  summary: "Backs up the database, objects or Terraform's state of an environment; by default all of them.",
  description: [
    "database  takes a snapshot, which is kept until you delete it",
    "objects   compares every object with its copy in the backup bucket, and copies what replication missed",
    "state     shows the current version in the bucket and copies it to --out",
  ].join("\n"),
  examples: ["prod", "prod database --keep 7", "prod objects --bucket uploads --dry-run"],
  positionals: { environment, kind: optionalPositional(kind, "what to back up (default: everything)") },
  options: {
    dryRun,
    yes,
    out,
    keep: option(
      integer("N", { min: 1, max: 1_000 }),
      "database: keep the newest N snapshots of this command and delete older ones, from 1 to 1000",
    ),
    bucket,
    prefix,
    read: flag("objects: compare contents, not only S3's checksums (reads everything)"),
  },
  onSignal: ON_SIGNAL,
  check: (input) =>
    ownerFault(input) ??
    (input.prefix !== undefined && input.bucket === undefined
      ? `--prefix needs --bucket, one of ${BUCKETS.join(", ")}`
      : undefined),
  run: async (input, context) => (await import("./operate")).runBackup(input, context),
});

export const restore = defineCommand({
  name: "restore",
  summary: "Restores the database, objects or Terraform's state of an environment.",
  description: [
    "database  replaces the database with a restored copy and keeps the old instance (--to or --snapshot)",
    "objects   restores objects as new versions; deletes no version (--to and --bucket)",
    "state     makes an earlier version current; shows later changes and leaves them alone (--to or --version)",
    "",
    "After a failure, run the same command again: it continues where it stopped.",
  ].join("\n"),
  examples: [
    "prod database --to 2026-11-24T03:00:00Z --dry-run",
    "prod objects --bucket uploads --prefix uploads/ --to 2026-11-24T03:00:00Z",
    "prod state --to latest",
  ],
  positionals: { environment, kind: positional(kind, "what to restore") },
  options: {
    to: option(momentType, "latest, or a time such as 2026-11-24T08:00:00Z"),
    dryRun,
    yes,
    accept,
    out,
    snapshot: option(text("NAME"), "database: this snapshot, instead of --to"),
    withPendingChanges: flag(
      "database: continue although the checkout has undeployed changes; the restore then applies them",
    ),
    unverified: option(
      text("WHY"),
      "database: skip verification before and after the switch, for this reason; migrations run all the same",
    ),
    bucket,
    prefix,
    exact: flag("objects: hide objects created later, with delete markers"),
    version: option(text("ID"), "state: this version of the object, instead of --to"),
  },
  onSignal: ON_SIGNAL,
  check: (input) => ownerFault(input) ?? sourceFault(input),
  run: async (input, context) => (await import("./operate")).runRestore(input, context),
});

interface Source {
  readonly kind: KindName;
  readonly to: unknown;
  readonly snapshot: string | undefined;
  readonly version: string | undefined;
  readonly bucket: string | undefined;
}

/** Error text if it is not clear what to restore; undefined otherwise. */
function sourceFault({ kind, to, snapshot, version, bucket }: Source): string | undefined {
  const timed = to !== undefined;
  if (kind === "database" && timed === (snapshot !== undefined)) {
    return "KIND database needs either --to TIME or --snapshot NAME";
  }
  if (kind === "state" && timed === (version !== undefined)) {
    return "KIND state needs either --to TIME or --version ID";
  }
  if (kind === "objects" && !timed) return "KIND objects needs --to TIME";
  if (kind === "objects" && bucket === undefined) {
    return `KIND objects needs --bucket, one of ${BUCKETS.join(", ")}`;
  }
  return undefined;
}
