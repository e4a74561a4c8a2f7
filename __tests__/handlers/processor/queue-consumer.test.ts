import { setImmediate as nextTurn } from "node:timers/promises";
import type { MessageHandler } from "../../../handlers/processor/message-handler";
import { QueueConsumer } from "../../../handlers/processor/queue-consumer";
import { turnsUntil } from "../../support/turns";
import { aMessage, FakeLog, FakeQueue } from "./fakes";

const many = (count: number) => Array.from({ length: count }, (_, index) => aMessage({ id: String(index) }));

function make(queue: Pick<FakeQueue, "receive">, handle: MessageHandler["handle"]) {
  const [stop, abandon, log] = [new AbortController(), new AbortController(), new FakeLog()];
  // An answer takes at least one turn of the event loop, or nothing else would run.
  const answering = { receive: async (count: number) => (await nextTurn(), queue.receive(count)) };
  const worker = new QueueConsumer({
    queue: answering,
    handler: { handle },
    concurrency: 3,
    log,
    firstPauseMs: 5,
  });
  return { worker, stop, abandon, log, run: worker.run({ stop: stop.signal, abandon: abandon.signal }) };
}

/** Work that continues until it is told to stop. */
function heldWork() {
  const held: (() => void)[] = [];
  const handle = (): Promise<void> => new Promise((resolve) => held.push(resolve));
  return { held, handle };
}

it("processes as many messages at once as configured, and receives no more", async () => {
  const queue = new FakeQueue(many(20));
  const { held, handle } = heldWork();
  const tooMany: number[] = [];
  const receive = (count: number) => {
    if (count > 3 - held.length) tooMany.push(count);
    return queue.receive(count);
  };
  const { run, stop } = make({ receive }, handle);
  const counts: number[] = [];
  for (let ended = 0; ended < 20; ended++) {
    await turnsUntil(() => held.length === Math.min(3, 20 - ended));
    counts.push(held.length);
    held.shift()?.();
  }
  stop.abort();
  await run;
  expect(counts).toEqual([...Array<number>(18).fill(3), 2, 1]);
  expect(tooMany).toEqual([]);
});

it("stops after the current work, and receives no more messages", async () => {
  const queue = new FakeQueue(many(9));
  const { held, handle } = heldWork();
  const { run, stop, worker } = make(queue, handle);
  await turnsUntil(() => held.length === 3);
  stop.abort();
  expect(worker.activeMessages).toBe(3);
  for (const end of held) end();
  await run;
  expect(held).toHaveLength(3);
  expect(worker.activeMessages).toBe(0);
});

it("passes messages of the last poll a signal to release them", async () => {
  const aborted: boolean[] = [];
  let give: ((messages: ReturnType<typeof many>) => void) | undefined;
  const receive = () => new Promise<ReturnType<typeof many>>((resolve) => (give = resolve));
  const { run, stop } = make({ receive }, (_, signal) => Promise.resolve(void aborted.push(signal.aborted)));
  await turnsUntil(() => give !== undefined);
  stop.abort();
  give?.(many(1));
  await run;
  expect(aborted).toEqual([true]);
});

it("continues after the queue was unavailable for a while, and logs it", async () => {
  let count = 0;
  const receive = () => (++count <= 3 ? Promise.reject(new Error("away")) : Promise.resolve(many(1)));
  const { run, stop, log } = make({ receive }, () => Promise.resolve(stop.abort()));
  await run;
  expect(log.lines).toEqual(Array(3).fill("the queue is unavailable"));
});

it("is healthy while it polls or is fully busy, and not when its polls stopped", async () => {
  const { worker, stop, run } = make(new FakeQueue([]), () => Promise.resolve());
  expect(worker.isPolling()).toBe(true);
  expect(worker.isPolling(Date.now() + 61_000)).toBe(false);
  stop.abort();
  await run;
  const { held, handle } = heldWork();
  const full = make(new FakeQueue(many(3)), handle);
  await turnsUntil(() => held.length === 3);
  expect(full.worker.isPolling(Date.now() + 61_000)).toBe(true);
  full.stop.abort();
  for (const end of held) end();
  await full.run;
});
