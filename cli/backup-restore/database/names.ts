import { randomBytes } from "node:crypto";
import { Refusal } from "@packages/cli-kit/refusal";
import { stamp } from "@packages/cli-kit/timestamp";

/** RDS's maximum for instances; snapshots may have 255 characters. */
const MAX_INSTANCE_NAME_LENGTH = 63;

/** Purpose of a snapshot or of an additional instance. */
export type Purpose = "backup" | "restored" | "replaced";

/**
 * A unique name of a snapshot or instance, such as `streamflow-prod-database-replaced-20261124-080000-3fa1`. The
 * instance's own name is shortened if necessary.
 */
export function purposeName(identifier: string, purpose: Purpose, began: Date): string {
  const end = `-${purpose}-${stamp(began)}-${randomBytes(2).toString("hex")}`;
  // names must not contain two hyphens in a row
  return `${identifier.slice(0, MAX_INSTANCE_NAME_LENGTH - end.length).replace(/-+$/, "")}${end}`;
}

/** Prefix of all names of {@link purposeName}, with the same shortening. */
function prefixOf(identifier: string, purpose: Purpose): string {
  return `${identifier.slice(0, MAX_INSTANCE_NAME_LENGTH - `-${purpose}-${stamp(new Date(0))}-0000`.length).replace(/-+$/, "")}-${purpose}-`;
}

/** Whether a name was made by {@link purposeName} for this instance and purpose. */
export function hasPurpose(
  name: string,
  { identifier, purpose }: { readonly identifier: string; readonly purpose: Purpose },
): boolean {
  const prefix = prefixOf(identifier, purpose);
  return name.startsWith(prefix) && /^\d{8}-\d{6}-[0-9a-f]{4}$/.test(name.slice(prefix.length));
}

/** Checks a snapshot's name or ARN and returns it. Throws a Refusal if it is invalid. */
export function checkSnapshot(name: string): string {
  if (/^(arn:aws[\w-]*:rds:\S+|(rds:|awsbackup:)?[A-Za-z][\w-]{0,254})$/.test(name)) return name;
  throw new Refusal(`--snapshot must be the name or ARN of a database snapshot, got "${name}"`);
}
