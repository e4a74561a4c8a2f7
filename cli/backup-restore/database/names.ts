import { randomBytes } from "node:crypto";
import { Refusal } from "@packages/cli-kit/refusal";
import { stamp } from "@packages/cli-kit/timestamp";

/** RDS allows instances 63 characters, snapshots 255. */
const MAX_INSTANCE_NAME_LENGTH = 63;

/** What a snapshot or an instance beside the database's own is for. */
export type Purpose = "backup" | "restored" | "replaced";

/**
 * A name for what belongs to the instance, such as `streamflow-prod-database-replaced-20261124-080000-3fa1`: no two runs
 * ever have the same. The instance's own name is cut where it would be too long.
 */
export function nameBeside(identifier: string, purpose: Purpose, began: Date): string {
  const end = `-${purpose}-${stamp(began)}-${randomBytes(2).toString("hex")}`;
  // a name may not hold two hyphens in a row
  return `${identifier.slice(0, MAX_INSTANCE_NAME_LENGTH - end.length).replace(/-+$/, "")}${end}`;
}

/** How every name of {@link nameBeside} begins: the same cut as there. */
function prefixOf(identifier: string, purpose: Purpose): string {
  return `${identifier.slice(0, MAX_INSTANCE_NAME_LENGTH - `-${purpose}-${stamp(new Date(0))}-0000`.length).replace(/-+$/, "")}-${purpose}-`;
}

/** Whether {@link nameBeside} made the name, of this instance and for this purpose. */
export function isBeside(
  name: string,
  { identifier, purpose }: { readonly identifier: string; readonly purpose: Purpose },
): boolean {
  const prefix = prefixOf(identifier, purpose);
  return name.startsWith(prefix) && /^\d{8}-\d{6}-[0-9a-f]{4}$/.test(name.slice(prefix.length));
}

/** Throws a Refusal for a text that can't be a snapshot's name or ARN. */
export function checkSnapshot(name: string): string {
  if (/^(arn:aws[\w-]*:rds:\S+|(rds:|awsbackup:)?[A-Za-z][\w-]{0,254})$/.test(name)) return name;
  throw new Refusal(`--snapshot must be the name or ARN of a database snapshot, got "${name}"`);
}
