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

/**
 * Looks again and again until what it finds is right, and returns it. `status` is told what is found meanwhile.
 * Throws when that takes longer than RDS ever does, or when `fault` says that it never will be.
 */
export async function until<Found>(
  look: () => Promise<Found>,
  right: (found: Found) => boolean,
  describe: (found: Found) => string,
  status: Status,
  { every = POLL_INTERVAL_MS, patience = WAIT_TIMEOUT_MS }: { every?: number; patience?: number } = {},
): Promise<Found> {
  const deadline = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (right(found)) return found;
    const said = describe(found);
    if (FAILED_STATUS.test(said)) throw new GaveUp(`RDS gave up: ${said}`);
    if (Date.now() + every > deadline) throw new Error(`RDS takes too long: ${said}`);
    status(() => said);
    await sleep(every);
  }
}

/** Waits until the instance of that resource id has that name and is available. */
export async function available(
  rds: RDSClient,
  { resourceId, name }: { readonly resourceId: string; readonly name: string },
  status: Status,
  settled: (instance: DBInstance) => boolean = () => true,
): Promise<DBInstance> {
  const find = async () => (await instances(rds)).find((one) => one.DbiResourceId === resourceId);
  const found = await until(
    find,
    (one) => one?.DBInstanceIdentifier === name && one.DBInstanceStatus === "available" && settled(one),
    (one) => (one === undefined ? `${name} not found yet` : `${name} is ${one.DBInstanceStatus}`),
    status,
  );
  if (found === undefined) throw new Error(`there is no database instance ${name}`);
  return found;
}
