import { setTimeout as sleep } from "node:timers/promises";
import type { DBInstance } from "@aws-sdk/client-rds";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Status } from "@packages/terraform/terraform-stack";

/** Milliseconds of retries of a change, while a backup or another change runs. */
const RETRY_TIMEOUT_MS = 15 * 60_000;
const RETRY_INTERVAL_MS = 15_000;

/** Permanent states in which RDS can't rename an instance. */
const UNRENAMABLE_STATUS =
  /^(stopped|stopping|failed|restore-error|storage-full|incompatible-.*|inaccessible-encryption-.*|insufficient-capacity)$/;

/** Sends a change, and retries while RDS rejects it because of the instance's state or name. */
export async function retryWhileRefused<Answer>(
  change: () => Promise<Answer>,
  status: Status,
  { intervalMs = RETRY_INTERVAL_MS, timeoutMs = RETRY_TIMEOUT_MS } = {},
): Promise<Answer> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await change();
    } catch (error) {
      const { name, message } = error as Error;
      if (!/^(InvalidDBInstanceState|DBInstanceAlreadyExists)(Fault)?$/.test(name)) throw error;
      if (Date.now() + intervalMs > deadline) throw error;
      status(() => message);
      await sleep(intervalMs);
    }
  }
}

/** Throws a Refusal with instructions if the old instance is in a state in which it can't be renamed. */
export function refuseStuck({ DBInstanceIdentifier: name, DBInstanceStatus: state = "" }: DBInstance): void {
  if (!UNRENAMABLE_STATUS.test(state)) return;
  const start = state.startsWith("stop") ? `start it (aws rds start-db-instance), or ` : "";
  throw new Refusal(
    `${name} is ${state}, and RDS can't rename it: ${start}delete it manually with a final snapshot and ` +
      "keep its automated backups; then run the same command again to continue with the restored instance",
  );
}
