import { PassThrough } from "node:stream";
import { type DBInstance, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { Refusal } from "../../../packages/cli-kit/refusal";
import { Steps } from "../../../packages/cli-kit/progress";
import { checkPendingChanges } from "../../../cli/backup-restore/database/pending-changes";
import { positionOf } from "../../../cli/backup-restore/database/progress-tags";
import { retryWhileRefused } from "../../../cli/backup-restore/database/instance-state";
import type { Restore } from "../../../cli/backup-restore/database/step";
import { exportLogs, renameOld, renameRestored } from "../../../cli/backup-restore/database/swap-instances";
import { waitForRestored } from "../../../cli/backup-restore/database/wait-for-restored";

// Tests do not wait.
const timers = jest.requireActual<{ setTimeout: () => Promise<void> }>("node:timers/promises");
jest.spyOn(timers, "setTimeout").mockImplementation(() => new Promise((resolve) => setImmediate(resolve)));

const NAME = "streamflow-prod-database";
const output = new PassThrough();
const steps = new Steps(output);
afterAll(() => steps.end());

const printed = (): string => (output.read() as Buffer | null)?.toString() ?? "";

function instance(name: string, id: string, more: DBInstance = {}): DBInstance {
  return { DBInstanceIdentifier: name, DbiResourceId: id, DBInstanceStatus: "available", ...more };
}

interface Told {
  readonly all: () => DBInstance[];
  readonly changes?: object[];
  readonly ask?: (question: string) => Promise<string>;
  readonly values?: Record<string, boolean>;
  readonly plan?: object;
  /** Number of changes that RDS rejects first. */
  readonly busy?: number;
}

/** A restore with these RDS instances; every change succeeds. */
function restoreOf({ all, changes = [], ask, values = {}, plan = {}, busy = 0 }: Told): Restore {
  const send = (command: { input: object }) => {
    if (command instanceof DescribeDBInstancesCommand) return Promise.resolve({ DBInstances: all() });
    if ("Tags" in command.input || busy-- <= 0) return Promise.resolve(changes.push(command.input));
    return Promise.reject(Object.assign(new Error("not now"), { name: "InvalidDBInstanceState" }));
  };
  const rds = Object.assign(new RDSClient({ region: "us-east-1" }), { send });
  const stack = {
    plan: () => Promise.resolve(),
    show: () => Promise.resolve("the plan"),
    readPlan: () => Promise.resolve({ resource_changes: [], ...plan }),
  };
  const prepared = { stack, target: { name: "prod", stack: "streamflow-prod" } };
  const operation = { prepared, steps, values, began: new Date(), yes: false, ask };
  const database = { identifier: NAME, address: "", attributes: undefined };
  return { rds, operation, database, source: { to: "latest" }, unverified: undefined } as unknown as Restore;
}

const old = instance(NAME, "db-OLD");
const restored = instance(`${NAME}-restored-1`, "db-NEW");
const id = { resourceId: "db-NEW", name: `${NAME}-restored-1` };

describe("before the switch", () => {
  const changed = { resource_changes: [{ mode: "managed", change: { actions: ["update"] } }] };
  const all = () => [old];
  const position = { old, restored: undefined };

  test("a plan with changes is rejected, with the pending changes and the next step", async () => {
    const asked = Promise.resolve(checkPendingChanges.run(restoreOf({ all, plan: changed }), position));
    await expect(asked).rejects.toThrow(Refusal);
    await expect(asked).rejects.toThrow(
      /pending changes \(1 to update\)[^]*the plan\nCheck out the deployed commit/,
    );
  });

  test("an empty plan is accepted, and one with changes when the option is given", async () => {
    await checkPendingChanges.run(restoreOf({ all }), position);
    await checkPendingChanges.run(
      restoreOf({ all, plan: changed, values: { withPendingChanges: true } }),
      position,
    );
    expect(printed()).toContain("pending changes accepted: 1 to update");
  });

  test("it is made only while the old instance serves", () => {
    const { database } = restoreOf({ all });
    expect(checkPendingChanges.done(position, database)).toBe(false);
    expect(checkPendingChanges.done({ old: undefined, restored }, database)).toBe(true);
    expect(
      checkPendingChanges.done({ old: instance(`${NAME}-replaced-1`, "db-OLD"), restored }, database),
    ).toBe(true);
  });

  test("there is no confirmation before the new instance is available", async () => {
    const ask = jest.fn(() => Promise.resolve("yes"));
    const changes: object[] = [];
    const failed = { ...restored, DBInstanceStatus: "restore-error", DeletionProtection: true };
    const restore = restoreOf({ all: () => [old, failed], ask, changes });
    await expect(renameOld.run(restore, { old, restored: failed })).rejects.toThrow(
      /restored-1 is restore-error[^]*restored-1 --no-deletion-protection[^]*delete-db-instance .*-restored-1 /,
    );
    expect(ask).not.toHaveBeenCalled();
    expect(changes).toEqual([]);
  });

  test.each(["stopped", "failed", "storage-full", "incompatible-network"])(
    "an old one that is %s is not renamed: a person is told what to do",
    async (state) => {
      const ask = jest.fn(() => Promise.resolve("yes"));
      const stuck = { ...old, DBInstanceStatus: state };
      const asked = renameOld.run(restoreOf({ all: () => [stuck, restored], ask }), { old: stuck, restored });
      await expect(asked).rejects.toThrow(
        new RegExp(`is ${state}, .* with a final snapshot .* same command`),
      );
      expect(ask).not.toHaveBeenCalled();
    },
  );
});

describe("a call that RDS rejects for now", () => {
  const faults = (name: string, times: number) => {
    let left = times;
    return jest.fn(() =>
      left-- > 0 ? Promise.reject(Object.assign(new Error("not now"), { name })) : Promise.resolve("done"),
    );
  };
  const ask = (change: () => Promise<string>, timeoutMs = 60_000) =>
    retryWhileRefused(change, () => undefined, { intervalMs: 1, timeoutMs });

  test.each(["InvalidDBInstanceState", "InvalidDBInstanceStateFault", "DBInstanceAlreadyExistsFault"])(
    "is asked for again after %s",
    async (name) => {
      const change = faults(name, 2);
      await expect(ask(change)).resolves.toBe("done");
      expect(change).toHaveBeenCalledTimes(3);
    },
  );

  test("is an error after some minutes, and every other error immediately", async () => {
    await expect(ask(faults("InvalidDBInstanceState", Infinity), 5)).rejects.toThrow("not now");
    const other = faults("AccessDenied", Infinity);
    await expect(ask(other)).rejects.toThrow("not now");
    expect(other).toHaveBeenCalledTimes(1);
  });

  test.each([
    ["the old one's new name", renameOld, 2],
    ["the new one's", renameRestored, 1],
    ["the logs", exportLogs, 1],
  ])("is retried with %s", async (_, step, expected) => {
    const changes: { NewDBInstanceIdentifier?: string }[] = [];
    const renamed = () => changes.at(-1)?.NewDBInstanceIdentifier;
    const all = () => [
      step === renameOld ? restored : instance(NAME, "db-NEW"),
      instance(renamed() ?? `${NAME}-replaced-1`, "db-OLD"),
    ];
    const ask = () => Promise.resolve("yes");
    await step.run(restoreOf({ all, changes, ask, busy: 2 }), { old, restored });
    expect(changes).toHaveLength(expected);
  });
});

describe("an instance that failed in RDS", () => {
  test.each([
    "failed",
    "restore-error",
    "insufficient-capacity",
    "inaccessible-encryption-credentials",
    "inaccessible-encryption-credentials-recoverable",
    "deleting",
    "incompatible-restore",
  ])("is one with status %s; the error has the command that deletes it", async (state) => {
    const restore = restoreOf({ all: () => [{ ...restored, DBInstanceStatus: state }] });
    await expect(waitForRestored(restore, id, { status: () => undefined })).rejects.toThrow(
      new RegExp(
        `failed: .* is ${state}\\. [^]*delete-db-instance --db-instance-identifier ${NAME}-restored-1 `,
      ),
    );
  });

  test("behind the switch, it is not named in a command that deletes", async () => {
    const restore = restoreOf({ all: () => [instance(NAME, "db-NEW", { DBInstanceStatus: "failed" })] });
    await expect(
      waitForRestored(restore, { ...id, name: NAME }, { status: () => undefined }),
    ).rejects.toThrow(/^RDS failed: \S+ is failed$/);
  });

  test("counts as deleted while it is being deleted", () => {
    const TagList = [
      { Key: "RestoreOf", Value: "db-OLD" },
      { Key: "RestoreTo", Value: "latest" },
    ];
    const going = { ...restored, TagList, DBInstanceStatus: "deleting" };
    expect(positionOf([old, going], { identifier: NAME, resourceId: "db-OLD", asked: "latest" })).toEqual({
      old,
      restored: undefined,
    });
  });
});
