import type { DBInstance } from "@aws-sdk/client-rds";
import { Refusal } from "@packages/cli-kit/refusal";
import { tagOf } from "./rds";
import { isOf } from "./source";

/**
 * Tags by which a later run finds where an earlier one ended. The restored instance has them until all is done; the
 * replaced one keeps them. The stacks' provider ignores them, so that no apply takes them off.
 */
export const TAGS = {
  /** On the restored instance: resource id of the one whose data it has. */
  of: "RestoreOf",
  /** On both: what was asked for, a time, `latest` with the second that it was, or a snapshot. */
  to: "RestoreTo",
  /** On the replaced instance: resource id of the one that took its name. */
  by: "ReplacedBy",
  /** On the replaced instance: when all was done. */
  ended: "RestoreEnded",
} as const;

/** Where a restore stands. */
export interface Position {
  /** The instance that is to be replaced, whatever its name is now; undefined when it is gone. */
  readonly old: DBInstance | undefined;
  /** The instance that takes its place, whatever its name is now. */
  readonly restored: DBInstance | undefined;
}

/** The restore that is asked for. */
export interface RestoreRequest {
  readonly identifier: string;
  /** The one in Terraform's state; undefined while the database is not in it. */
  readonly resourceId: string | undefined;
  /** What it is restored to: a time, `latest`, or a snapshot. */
  readonly asked: string;
}

/**
 * Finds a restore that was begun and not ended, else the instance that would be replaced. Throws a Refusal when a restore
 * to something else is under way.
 */
export function positionOf(
  found: readonly DBInstance[],
  { identifier, resourceId, asked }: RestoreRequest,
): Position {
  // one that is being deleted is as good as gone
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
      : `, or give it up: ${deletion(restored, { withLastSnapshot: false }).join(" && ")}`;
  const option = begun?.startsWith("snapshot ")
    ? begun.replace("snapshot ", "--snapshot ")
    : `--to ${begun?.replace(/^latest .*/, "latest")}`;
  return new Refusal(
    `a restore of ${identifier} (${option}) was begun and is not ended: go on with ${option}${rest}`,
  );
}

/** Throws when it is the instance by whose name the database is reached: that one is never deleted or marked as old. */
export function refuseServing(
  { DBInstanceIdentifier: name, DbiResourceId: id }: DBInstance,
  identifier: string,
) {
  if (name !== identifier) return;
  throw new Error(`${name} (${id}) serves, so it is not the one that was replaced: nothing was done to it`);
}

/** Commands by which a person deletes an instance that is not needed any more. */
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
