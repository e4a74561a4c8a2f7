import type { DBInstance } from "@aws-sdk/client-rds";
import type { Status } from "@packages/terraform/terraform-stack";
import { deletion } from "./progress-tags";
import { available, GaveUp, instances } from "./rds";
import type { Restore } from "./step";

/** Waits for the restored instance, which nobody uses yet; when RDS gives up on it, the error says how it is deleted. */
export async function unswitched(
  { rds, database }: Pick<Restore, "rds" | "database">,
  id: { readonly resourceId: string; readonly name: string },
  status: Status,
  settled?: (instance: DBInstance) => boolean,
): Promise<DBInstance> {
  try {
    return await available(rds, id, status, settled);
  } catch (error) {
    // broken off behind the switch, it serves already
    if (!(error instanceof GaveUp) || id.name === database.identifier) throw error;
    const found = (await instances(rds)).find((one) => one.DbiResourceId === id.resourceId);
    const commands = deletion(found ?? { DBInstanceIdentifier: id.name }, { withLastSnapshot: false });
    throw new Error(
      `${error.message}; it serves nobody, so delete it, and the same command begins anew:\n  ${commands.join("\n  ")}`,
      { cause: error },
    );
  }
}
