import { setTimeout as sleep } from "node:timers/promises";
import { type DBInstance, paginateDescribeDBInstances, RDSClient } from "@aws-sdk/client-rds";
import type { Access } from "../../lib/account";
import type { Status } from "@packages/terraform/terraform-stack";

/** Milliseconds between polls of RDS, and until a change must be complete: a restore takes up to hours. */
const POLL_INTERVAL_MS = 15_000;
const WAIT_TIMEOUT_MS = 6 * 3_600_000;

/** Final failure states in an instance's or snapshot's description. */
const FAILED_STATUS = new RegExp(
  "(^| is )(failed|restore-error|insufficient-capacity|storage-full|deleting|incompatible-\\S+|" +
    "inaccessible-encryption-credentials(-recoverable)?)(,|$)",
);

/** RDS can't complete a change. */
export class RdsFailedError extends Error {}

export function rdsClient({ client }: Access): RDSClient {
  return new RDSClient({ ...client, maxAttempts: 5 });
}

/** All instances of the region with their tags. */
export async function instances(rds: RDSClient): Promise<DBInstance[]> {
  const found: DBInstance[] = [];
  for await (const { DBInstances = [] } of paginateDescribeDBInstances({ client: rds }, {})) {
    found.push(...DBInstances);
  }
  return found;
}

export function tagOf({ TagList = [] }: DBInstance, key: string): string | undefined {
  return TagList.find((tag) => tag.Key === key)?.Value;
}

export interface PollOptions<Found> {
  readonly find: () => Promise<Found>;
  /** Whether the change is complete. */
  readonly isDone: (found: Found) => boolean;
  /** Description with RDS's state, shown while waiting and in errors. */
  readonly describe: (found: Found) => string;
  readonly status: Status;
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
}

/**
 * Polls RDS until a change is complete and returns what it found. Throws after the timeout, and an RdsFailedError if
 * the state is a final failure.
 */
export async function pollUntilDone<Found>({
  find,
  isDone,
  describe,
  status,
  intervalMs = POLL_INTERVAL_MS,
  timeoutMs = WAIT_TIMEOUT_MS,
}: PollOptions<Found>): Promise<Found> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await find();
    if (isDone(found)) return found;
    const description = describe(found);
    if (FAILED_STATUS.test(description)) throw new RdsFailedError(`RDS failed: ${description}`);
    if (Date.now() + intervalMs > deadline) throw new Error(`timed out waiting for RDS: ${description}`);
    status(() => description);
    await sleep(intervalMs);
  }
}

/** An instance by its constant resource id, and its expected name. */
export interface InstanceId {
  readonly resourceId: string;
  readonly name: string;
}

export interface WaitOptions {
  readonly status: Status;
  /** Additional condition. */
  readonly isSettled?: (instance: DBInstance) => boolean;
}

/** Waits until the instance with that resource id has that name and is available. */
export async function waitForInstance(
  rds: RDSClient,
  { resourceId, name }: InstanceId,
  { status, isSettled = () => true }: WaitOptions,
): Promise<DBInstance> {
  const found = await pollUntilDone({
    find: async () => (await instances(rds)).find((one) => one.DbiResourceId === resourceId),
    isDone: (one) =>
      one?.DBInstanceIdentifier === name && one.DBInstanceStatus === "available" && isSettled(one),
    describe: (one) => (one === undefined ? `${name} not found yet` : `${name} is ${one.DBInstanceStatus}`),
    status,
  });
  if (found === undefined) throw new Error(`database instance ${name} does not exist`);
  return found;
}
