import type { DBInstance } from "@aws-sdk/client-rds";
import { deletion } from "./progress-tags";
import { GaveUp, type InstanceId, instances, waitForInstance, type WaitOptions } from "./rds";
import type { Restore } from "./step";

/** Waits for the restored instance, which nobody uses yet; when RDS gives up on it, the error says how it is deleted. */
export async function waitForRestored(
  { rds, database }: Pick<Restore, "rds" | "database">,
  id: InstanceId,
  options: WaitOptions,
): Promise<DBInstance> {
  try {
    return await waitForInstance(rds, id, options);
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
