import type { DBInstance } from "@aws-sdk/client-rds";
import { deletion } from "./progress-tags";
import { RdsFailedError, type InstanceId, instances, waitForInstance, type WaitOptions } from "./rds";
import type { Restore } from "./step";

/**
 * Waits for the restored instance, which is not in use yet. If RDS fails, the error has the commands that delete it.
 */
export async function waitForRestored(
  { rds, database }: Pick<Restore, "rds" | "database">,
  id: InstanceId,
  options: WaitOptions,
): Promise<DBInstance> {
  try {
    return await waitForInstance(rds, id, options);
  } catch (error) {
    // interrupted after the switch: it is already in use
    if (!(error instanceof RdsFailedError) || id.name === database.identifier) throw error;
    const found = (await instances(rds)).find((one) => one.DbiResourceId === id.resourceId);
    const commands = deletion(found ?? { DBInstanceIdentifier: id.name }, { withLastSnapshot: false });
    throw new Error(
      `${error.message}. It is not in use: delete it, then run the same command to start over:\n  ${commands.join("\n  ")}`,
      { cause: error },
    );
  }
}
