import { ShutdownError } from "../../../handlers/processor/errors";
import { MessageHandler } from "../../../handlers/processor/message-handler";
import { completed, skip, type Outcome, retryAfter } from "../../../handlers/processor/outcome";
import { aMessage, FakeLog, FakeQueue } from "./fakes";

function make(outcome: () => Promise<Outcome>, hiddenSeconds = 30) {
  const [queue, log, work] = [new FakeQueue(), new FakeLog(), jest.fn(outcome)];
  const handler = new MessageHandler({
    queue,
    log,
    job: { run: work },
    uploadsBucket: "uploads",
    hiddenSeconds,
    maxReceives: 3,
  });
  return { handler, queue, log, work };
}
const going = new AbortController().signal;

it.each([
  [completed, ["hide 30", "delete"]],
  [retryAfter(7), ["hide 30", "hide 7"]],
  [skip, ["hide 30"]],
])("deletes or hides a message according to the work's outcome: %j", async (outcome, calls) => {
  const { handler, queue } = make(() => Promise.resolve(outcome));
  await handler.handle(aMessage(), going);
  expect(queue.calls).toEqual(calls);
});

it("keeps a message hidden as long as it is worked on, and not a moment longer", async () => {
  jest.useFakeTimers();
  try {
    let end: (outcome: Outcome) => void = () => undefined;
    const { handler, queue } = make(() => new Promise((resolve) => (end = resolve)), 30);
    const handling = handler.handle(aMessage(), going);
    await jest.advanceTimersByTimeAsync(25_000);
    expect(queue.calls).toEqual(["hide 30", "hide 30", "hide 30"]);
    end(completed);
    await handling;
    expect(queue.calls.at(-1)).toBe("delete");
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

it("processes all events of a message, and keeps it when one must be retried", async () => {
  const outcomes = [retryAfter(15), completed];
  const { handler, queue, work } = make(() => Promise.resolve(outcomes.shift() ?? completed));
  const { Records } = JSON.parse(aMessage().body) as { Records: unknown[] };
  await handler.handle(aMessage({ body: JSON.stringify({ Records: [...Records, ...Records] }) }), going);
  expect(work).toHaveBeenCalledTimes(2);
  expect(queue.calls.at(-1)).toBe("hide 15");
});

it("retries a message after a delay when its work fails", async () => {
  const { handler, queue, log } = make(() => Promise.reject(new Error("the database is away")));
  await handler.handle(aMessage({ receives: 2 }), going);
  expect(queue.calls.at(-1)).toBe("hide 30");
  expect(log.lines).toEqual(["processing attempt failed"]);
});

it("waits in the processor after the last receive, until the media has a final status", async () => {
  const outcomes = [retryAfter(0.01), retryAfter(0.01), retryAfter(0)];
  const { handler, queue, work } = make(() => Promise.resolve(outcomes.shift() ?? completed));
  await handler.handle(aMessage({ receives: 3 }), going);
  expect(work).toHaveBeenCalledTimes(3);
  expect(queue.calls.at(-1)).toBe("hide 0");
});

it("ends its wait after the last receive when the processor stops, and sets the retry delay", async () => {
  const end = new AbortController();
  const { handler, queue, work } = make(() => {
    end.abort(new ShutdownError("end"));
    return Promise.resolve(retryAfter(600));
  });
  await handler.handle(aMessage({ receives: 3 }), end.signal);
  expect(work).toHaveBeenCalledTimes(1);
  expect(queue.calls.at(-1)).toBe("hide 600");
});

it("makes an unreadable message visible immediately, so that it goes to the dead-letter queue", async () => {
  const { handler, queue, work } = make(() => Promise.resolve(completed));
  await handler.handle(aMessage({ body: "x" }), going);
  expect(queue.calls.at(-1)).toBe("hide 0");
  expect(work).not.toHaveBeenCalled();
});

it("releases messages unread that arrive when the processor stops", async () => {
  const { handler, queue, work } = make(() => Promise.resolve(completed));
  await handler.handle(aMessage(), AbortSignal.abort(new ShutdownError("end")));
  expect(queue.calls.at(-1)).toBe("hide 0");
  expect(work).not.toHaveBeenCalled();
});

it("never rejects, even when the queue fails", async () => {
  const { handler, queue, log } = make(() => Promise.resolve(completed));
  queue.hide = queue.delete = () => Promise.reject(new Error("SQS is away"));
  await handler.handle(aMessage(), going);
  expect(log.lines).toEqual([
    "the message's visibility timeout could not be extended",
    "the message could not be deleted",
  ]);
});
