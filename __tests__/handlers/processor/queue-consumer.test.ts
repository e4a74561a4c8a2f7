import { setTimeout as sleep } from "node:timers/promises";
import type { MessageHandler } from "../../../handlers/processor/message-handler";
import { QueueConsumer } from "../../../handlers/processor/queue-consumer";
import { aMessage, FakeLog, FakeQueue } from "./fakes";

const many = (count: number) => Array.from({ length: count }, (_, index) => aMessage({ id: String(index) }));

function make(queue: Pick<FakeQueue, "receive">, handle: MessageHandler["handle"]) {
  const [stop, abandon, log] = [new AbortController(), new AbortController(), new FakeLog()];
  const slow = { receive: async (count: number) => (await sleep(1), queue.receive(count)) };
  const worker = new QueueConsumer({
    queue: slow,
    handler: { handle },
    concurrency: 3,
    log,
    firstPauseMs: 5,
  });
  return { worker, stop, abandon, log, run: worker.run({ stop: stop.signal, abandon: abandon.signal }) };
}

it("works on as many messages as it has hands for, and asks for no more than it can take", async () => {
  const queue = new FakeQueue(many(20));
  let [now, most] = [0, 0];
  const done: string[] = [];
  const { run, stop } = make(queue, async ({ id }) => {
    most = Math.max(most, ++now);
    await sleep(5);
    now--;
    if (done.push(id) === 20) stop.abort();
  });
  await run;
  expect(most).toBe(3);
  expect(done).toHaveLength(20);
  expect(new Set(queue.calls)).toEqual(new Set(["receive 1", "receive 2", "receive 3"]));
});

it("ends when what it works on has ended, and takes nothing more", async () => {
  const queue = new FakeQueue(many(9));
  const ended: string[] = [];
  const { run, stop, worker } = make(queue, async ({ id }) => {
    await sleep(50);
    ended.push(id);
  });
  await sleep(25);
  stop.abort();
  expect(worker.activeMessages).toBe(3);
  await run;
  expect(ended).toHaveLength(3);
  expect(worker.activeMessages).toBe(0);
});

it("gives what comes with the last poll a signal to hand it back", async () => {
  const aborted: boolean[] = [];
  let give: (messages: ReturnType<typeof many>) => void = () => undefined;
  const receive = () => new Promise<ReturnType<typeof many>>((resolve) => (give = resolve));
  const { run, stop } = make({ receive }, (_, signal) => Promise.resolve(void aborted.push(signal.aborted)));
  await sleep(10);
  stop.abort();
  give(many(1));
  await run;
  expect(aborted).toEqual([true]);
});

it("goes on when the queue does not answer for a while, and says so", async () => {
  let count = 0;
  const receive = () => (++count <= 3 ? Promise.reject(new Error("away")) : Promise.resolve(many(1)));
  const { run, stop, log } = make({ receive }, () => Promise.resolve(stop.abort()));
  await run;
  expect(log.lines).toEqual(Array(3).fill("the queue does not answer"));
});

it("is alive while it polls or has its hands full, and not when its polls stopped", async () => {
  const { worker, stop, run } = make({ receive: () => sleep(20, []) }, () => sleep(1));
  expect(worker.isPolling()).toBe(true);
  expect(worker.isPolling(Date.now() + 61_000)).toBe(false);
  stop.abort();
  await run;
  const full = make(new FakeQueue(many(3)), () => sleep(50));
  await sleep(20);
  expect(full.worker.isPolling(Date.now() + 61_000)).toBe(true);
  full.stop.abort();
  await full.run;
});
