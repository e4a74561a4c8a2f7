import { defineCommand } from "@packages/cli-kit/command";
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
const prefix = option(text("PREFIX"), "objects: only keys that begin with it; needs --bucket");

const ON_SIGNAL = "stopped between two steps; the same command goes on from there";

/** Options that only one kind of data has. */
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

/** Why an option is not one of the kind of data that is named; undefined when all are. */
function ownerFault(
  input: Readonly<Record<string, unknown>> & { readonly kind: KindName | undefined },
): string | undefined {
  for (const [key, owner] of Object.entries(OWNERS)) {
    const given = input[key] !== undefined && input[key] !== false;
    const option = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (given && input.kind !== owner) return `${option} is for KIND ${owner}, got ${input.kind ?? "none"}`;
  }
  return undefined;
}

export const backup = defineCommand({
  name: "backup",
  summary:
    "Backs up the database, the objects or Terraform's state of an environment; all of them when none is named.",
  description: [
    "database  takes a snapshot, which stays until somebody deletes it",
    "objects   completes the backup bucket, which replication fills, and compares every object with its copy",
    "state     names the current version, which the bucket keeps, and copies it into --out",
  ].join("\n"),
  examples: ["prod", "prod database --keep 7", "prod objects --bucket uploads --dry-run"],
  positionals: { environment, kind: optionalPositional(kind, "what to back up: all when it is left out") },
  options: {
    dryRun,
    yes,
    out,
    keep: option(
      integer("N", { min: 1, max: 1_000 }),
      "database: delete the oldest snapshots of this command until N are left, from 1 to 1000",
    ),
    bucket,
    prefix,
    read: flag("objects: compare all bytes, not what S3 says of them (reads everything)"),
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
    "database  a new instance takes the place of the database, which is kept (--to or --snapshot)",
    "objects   brings objects to what they were, by new versions on top; deletes no version (--to and --bucket)",
    "state     makes an earlier version the current one; what was made since is shown, not touched (--to or --version)",
    "",
    "Run the same command again after a failure: it goes on where it stopped.",
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
      "database: go on although what is checked out is not what is deployed: the plan after the switch applies it",
    ),
    unverified: option(
      text("WHY"),
      "database: skip verification before and after the switch, for this reason",
    ),
    bucket,
    prefix,
    exact: flag("objects: hide what was not there then by a delete marker"),
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

/** Why it is not clear what is restored; undefined when it is. */
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
