import type { DBInstance } from "@aws-sdk/client-rds";
import { Refusal } from "@packages/cli-kit/refusal";
import { tagOf } from "./rds";
import { isOf } from "./source";

/**
 * Tags with which a later run finds the progress of an earlier one. The restored instance has them until the restore is
 * complete; the replaced one keeps them. The stacks' provider ignores them, so that an apply does not remove them.
 */
export const TAGS = {
  /** On the restored instance: resource id of the source instance. */
  of: "RestoreOf",
  /** On both: the requested time, `latest` with its resolved second, or snapshot. */
  to: "RestoreTo",
  /** On the replaced instance: resource id of its replacement. */
  by: "ReplacedBy",
  /** On the replaced instance: time of completion. */
  ended: "RestoreEnded",
} as const;

/** Progress of a restore. */
export interface Position {
  /** The instance to replace, whatever its current name; undefined if it is gone. */
  readonly old: DBInstance | undefined;
  /** The replacement, whatever its current name. */
  readonly restored: DBInstance | undefined;
}

/** The requested restore. */
export interface RestoreRequest {
  readonly identifier: string;
  /** Resource id in Terraform's state; undefined while the database is not in it. */
  readonly resourceId: string | undefined;
  /** Requested time, `latest`, or snapshot. */
  readonly asked: string;
}

/**
 * Finds an unfinished restore, or else the instance to replace. Throws a Refusal if an unfinished restore has another
 * target.
 */
export function positionOf(
  found: readonly DBInstance[],
  { identifier, resourceId, asked }: RestoreRequest,
): Position {
  // treat an instance in deletion as gone
  const all = found.filter(({ DBInstanceStatus: status }) => status !== "deleting");
  const named = all.find((one) => one.DBInstanceIdentifier === identifier);
  const replaced = all.find(
    (one) =>
      tagOf(one, TAGS.by) !== undefined &&
      tagOf(one, TAGS.ended) === undefined &&
      (one === named || one.DBInstanceIdentifier?.startsWith(`${identifier}-replaced-`)),
  );
  const of =
    replaced?.DbiResourceId ?? (named && tagOf(named, TAGS.of)) ?? named?.DbiResourceId ?? resourceId;
  const restored = all.find((one) => of !== undefined && tagOf(one, TAGS.of) === of);
  const under = restored ?? (replaced && all.find((one) => one.DbiResourceId === tagOf(replaced, TAGS.by)));
  const old = replaced ?? (named?.DbiResourceId === under?.DbiResourceId ? undefined : named);
  const begun = (under && tagOf(under, TAGS.to)) ?? (replaced && tagOf(replaced, TAGS.to));
  if (under !== undefined && !isOf(begun, asked)) throw otherRestore(begun, under, identifier);
  return { old, restored: under };
}

function otherRestore(begun: string | undefined, restored: DBInstance, identifier: string): Refusal {
  const name = restored.DBInstanceIdentifier ?? "";
  const rest =
    name === identifier
      ? ""
      : `, or cancel it: ${deletion(restored, { withLastSnapshot: false }).join(" && ")}`;
  const option = begun?.startsWith("snapshot ")
    ? begun.replace("snapshot ", "--snapshot ")
    : `--to ${begun?.replace(/^latest .*/, "latest")}`;
  return new Refusal(
    `an unfinished restore of ${identifier} (${option}) exists: continue it with ${option}${rest}`,
  );
}

/** Throws if the instance is the one in use: it must never be deleted or marked as old. */
export function refuseInUse(
  { DBInstanceIdentifier: name, DbiResourceId: id }: DBInstance,
  identifier: string,
) {
  if (name !== identifier) return;
  throw new Error(`${name} (${id}) is in use, so it is not the replaced instance; it was not changed`);
}

/** Shell commands that delete an instance that is no longer needed. */
export function deletion(
  { DBInstanceIdentifier: name = "", DeletionProtection }: DBInstance,
  { withLastSnapshot }: { readonly withLastSnapshot: boolean },
): string[] {
  const last = withLastSnapshot ? `--final-db-snapshot-identifier ${name}-final` : "--skip-final-snapshot";
  return [
    ...(DeletionProtection
      ? [`aws rds modify-db-instance --db-instance-identifier ${name} --no-deletion-protection`]
      : []),
    `aws rds delete-db-instance --db-instance-identifier ${name} ${last}`,
  ];
}
