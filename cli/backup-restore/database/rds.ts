import { setTimeout as sleep } from "node:timers/promises";
import { type DBInstance, paginateDescribeDBInstances, RDSClient } from "@aws-sdk/client-rds";
import type { Access } from "../../lib/account";
import type { Status } from "@packages/terraform/terraform-stack";

/** Milliseconds between two looks at what RDS is doing, and until it must be done: a restore takes up to hours. */
const POLL_INTERVAL_MS = 15_000;
const WAIT_TIMEOUT_MS = 6 * 3_600_000;

/** States, at the end of what is said of an instance or at the beginning of what is said of a snapshot. */
const FAILED_STATUS = new RegExp(
  "(^| is )(failed|restore-error|insufficient-capacity|storage-full|deleting|incompatible-\\S+|" +
    "inaccessible-encryption-credentials(-recoverable)?)(,|$)",
);

/** RDS will not end what it began. */
export class GaveUp extends Error {}

export function rdsClient({ client }: Access): RDSClient {
  return new RDSClient({ ...client, maxAttempts: 5 });
}

/** Every instance of the region, with its tags. */
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
  /** Whether RDS has done what was asked for. */
  readonly isDone: (found: Found) => boolean;
  /** What was found, with the state that RDS gives it: shown while it waits, and in errors. */
  readonly describe: (found: Found) => string;
  readonly status: Status;
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
}

/**
 * Asks RDS again and again until it has done what was asked for, and returns what it found. Throws when that takes longer
 * than RDS ever does, and a GaveUp when the state that was found never ends by itself.
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
    if (FAILED_STATUS.test(description)) throw new GaveUp(`RDS gave up: ${description}`);
    if (Date.now() + intervalMs > deadline) throw new Error(`RDS takes too long: ${description}`);
    status(() => description);
    await sleep(intervalMs);
  }
}

/** An instance by its resource id, which never changes, and the name that it must have. */
export interface InstanceId {
  readonly resourceId: string;
  readonly name: string;
}

export interface WaitOptions {
  readonly status: Status;
  /** What must hold besides; nothing if undefined. */
  readonly isSettled?: (instance: DBInstance) => boolean;
}

/** Waits until the instance of that resource id has that name and is available. */
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
  if (found === undefined) throw new Error(`there is no database instance ${name}`);
  return found;
}
