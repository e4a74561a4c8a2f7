import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type PolledQueue,
  type QueueMapping,
  QueuePoller,
} from "../../../../packages/embedded-aws/event-sources/queue-poller";
import type { InvokeResult } from "../../../../packages/embedded-aws/lambda/service";
import { turnsUntil } from "../../../support/turns";

const mapping: QueueMapping = {
  uuid: "u",
  functionArn: "arn:aws:lambda:us-east-1:111111111111:function:f:live",
  queueArn: "arn:aws:sqs:us-east-1:111111111111:q",
  batchSize: 10,
  windowSeconds: 0,
  maxConcurrency: undefined,
  reportsFailures: true,
};

const result = (more: Partial<InvokeResult> = {}): InvokeResult => ({
  requestId: "r",
  version: "1",
  payload: "null",
  error: undefined,
  ...more,
});

const throttle = Object.assign(new Error("Rate Exceeded."), { name: "TooManyRequestsException" });

type Invoke = (ids: string[]) => Promise<InvokeResult>;

/** A queue whose messages stay hidden after they are received, and a clock that pauses advance. */
class World {
  readonly waiting: string[] = [];
  readonly deleted: string[] = [];
  readonly events: string[][] = [];
  readonly faults: string[] = [];
  readonly receives: { readonly count: number; readonly waitSeconds: number }[] = [];
  readonly pauses: number[] = [];
  now = 0;
  poller: QueuePoller | undefined;
  private stopped = false;

  start(invoke: Invoke, settings: Partial<QueueMapping> = {}, queue: Partial<PolledQueue> = {}): void {
    this.poller = new QueuePoller(
      { ...mapping, ...settings },
      {
        queue: {
          receive: async (request) => {
            this.receives.push(request);
            // With a batching window, an empty poll takes time.
            if (this.waiting.length === 0 && settings.windowSeconds) this.now += 1_000 * request.waitSeconds;
            await nextTurn();
            return this.waiting.splice(0, request.count).map((id) => ({ MessageId: id, Body: id }));
          },
          delete: (records) => {
            this.deleted.push(...records.map(({ messageId }) => messageId));
            return Promise.resolve();
          },
          visibilityTimeout: () => Promise.resolve(30),
          ...queue,
        },
        invoke: (event) => {
          const { Records } = event as { Records: { messageId: string }[] };
          const ids = Records.map(({ messageId }) => messageId);
          this.events.push(ids);
          return invoke(ids);
        },
        onFault: (line) => void this.faults.push(line),
        now: () => this.now,
        pause: async (milliseconds) => {
          this.pauses.push(milliseconds);
          if (milliseconds >= 1_000) this.now += milliseconds;
          await nextTurn();
        },
      },
    );
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    await this.poller?.stop();
  }
}

let world: World;
beforeEach(() => (world = new World()));
afterEach(() => world.stop());

test("calls the function with a batch, and deletes its messages afterwards", async () => {
  world.waiting.push("a", "b");
  world.start(() => Promise.resolve(result()));
  await turnsUntil(() => world.deleted.length === 2);
  expect(world.events).toEqual([["a", "b"]]);
  expect(world.deleted).toEqual(["a", "b"]);
});

test("deletes what a partial failure leaves, and nothing of what failed", async () => {
  world.waiting.push("a", "b", "c");
  world.start(() => Promise.resolve(result({ payload: '{"batchItemFailures":[{"itemIdentifier":"b"}]}' })));
  await turnsUntil(() => world.deleted.length === 2);
  await world.stop();
  expect(world.deleted).toEqual(["a", "c"]);
});

test("does not read partial failures that the mapping does not ask for", async () => {
  world.waiting.push("a", "b");
  const payload = '{"batchItemFailures":[{"itemIdentifier":"b"}]}';
  world.start(() => Promise.resolve(result({ payload })), { reportsFailures: false });
  await turnsUntil(() => world.deleted.length === 2);
});

test("leaves the messages of a function that fails in the queue", async () => {
  world.waiting.push("a");
  world.start(() => Promise.resolve(result({ error: { errorType: "Error", errorMessage: "no" } })));
  await turnsUntil(() => world.receives.length > 3);
  expect(world.events).toEqual([["a"]]);
  expect(world.deleted).toEqual([]);
});

test("collects a batch from several receives of SQS, and deletes ten at a time", async () => {
  const ids = Array.from({ length: 25 }, (_, index) => String(index));
  const deletes: number[] = [];
  world.waiting.push(...ids);
  world.start(
    () => Promise.resolve(result()),
    { batchSize: 25, windowSeconds: 60 },
    { delete: (records) => Promise.resolve(void deletes.push(records.length)) },
  );
  await turnsUntil(() => deletes.length === 3);
  expect(world.events).toEqual([ids]);
  expect(deletes).toEqual([10, 10, 5]);
  expect(world.receives.slice(0, 3).map(({ count }) => count)).toEqual([10, 10, 5]);
});

test("calls the function with the received messages when the batching window ends", async () => {
  world.waiting.push("a");
  world.start(() => Promise.resolve(result()), { batchSize: 100, windowSeconds: 5 });
  await turnsUntil(() => world.events.length === 1);
  expect(world.events).toEqual([["a"]]);
  // Polls end with the window.
  expect(world.receives.slice(1, 4).map(({ waitSeconds }) => waitSeconds)).toEqual([2, 2, 1]);
});

test("handles as many batches at once as the mapping allows, and no more", async () => {
  const done: (() => void)[] = [];
  world.waiting.push("a", "b", "c");
  world.start(() => new Promise((resolve) => done.push(() => resolve(result()))), {
    batchSize: 1,
    maxConcurrency: 2,
  });
  await turnsUntil(() => world.pauses.length > 5);
  expect(world.events).toEqual([["a"], ["b"]]);
  done[0]?.();
  await turnsUntil(() => world.events.length === 3);
  done.slice(1).forEach((end) => end());
});

test("starts with five concurrent batches, and adds more while messages are left", async () => {
  world.waiting.push(..."abcdefg");
  const seen: [number, number][] = [];
  world.start(
    () => {
      seen.push([world.events.length, world.pauses.length]);
      return new Promise(() => undefined);
    },
    { batchSize: 1 },
  );
  await turnsUntil(() => world.events.length === 7);
  expect(seen.slice(0, 5).every(([, pauses]) => pauses === 0)).toBe(true);
  expect(seen.slice(5).map(([, pauses]) => pauses)).toEqual([1, 2]);
});

test("tries a throttled function again until the messages are visible, then leaves them to the queue", async () => {
  world.waiting.push("a");
  world.start(() => Promise.reject(throttle));
  await turnsUntil(() => world.events.length === 5 && world.receives.length > 10);
  // 1, 2, 4 and 8 s; another 16 s would exceed the queue's 30 s.
  expect(world.pauses.filter((pause) => pause >= 1_000)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(world.events).toHaveLength(5);
  expect([world.deleted, world.faults]).toEqual([[], []]);
});

test("deletes the messages of a function that was throttled at first", async () => {
  let calls = 0;
  world.waiting.push("a");
  world.start(() => (++calls === 1 ? Promise.reject(throttle) : Promise.resolve(result())));
  await turnsUntil(() => world.deleted.length === 1);
});

test("reports why it can't poll, and continues", async () => {
  let failed = false;
  world.start(
    () => Promise.resolve(result()),
    {},
    {
      receive: async ({ count }) => {
        await nextTurn();
        if (failed) return world.waiting.splice(0, count).map((id) => ({ MessageId: id }));
        failed = true;
        world.waiting.push("a");
        throw new Error("no such queue");
      },
    },
  );
  await turnsUntil(() => world.deleted.length === 1);
  expect(world.faults).toEqual([
    `${mapping.queueArn} for ${mapping.functionArn} can't be polled: Error: no such queue`,
  ]);
});

test("receives nothing more once it is stopped", async () => {
  world.start(() => Promise.resolve(result()));
  await turnsUntil(() => world.receives.length > 0);
  await world.stop();
  const { length } = world.receives;
  world.waiting.push("a");
  await nextTurn();
  expect(world.receives).toHaveLength(length);
});
