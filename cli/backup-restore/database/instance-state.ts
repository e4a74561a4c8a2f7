import { setTimeout as sleep } from "node:timers/promises";
import type { DBInstance } from "@aws-sdk/client-rds";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Status } from "@packages/terraform/terraform-stack";

/** Milliseconds for which a change is asked for again: a backup or another change may be under way. */
const RETRY_TIMEOUT_MS = 15 * 60_000;
const RETRY_INTERVAL_MS = 15_000;

/** States in which RDS renames no instance, and which do not end by themselves. */
const UNRENAMABLE_STATUS =
  /^(stopped|stopping|failed|restore-error|storage-full|incompatible-.*|inaccessible-encryption-.*|insufficient-capacity)$/;

/** Sends a change, again and again for some minutes while RDS says that the instance's state, or a name, forbids it. */
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

/** Throws a Refusal that says what a person does with an old instance that can't be set aside. */
export function refuseStuck({ DBInstanceIdentifier: name, DBInstanceStatus: state = "" }: DBInstance): void {
  if (!UNRENAMABLE_STATUS.test(state)) return;
  const start = state.startsWith("stop") ? `start it (aws rds start-db-instance), or ` : "";
  throw new Refusal(
    `${name} is ${state}, and RDS renames no such instance: ${start}delete it by hand with a final snapshot and ` +
      "without its automated backups being deleted; the same command then goes on with the restored one",
  );
}
