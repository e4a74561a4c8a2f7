import { UnprocessableVideoError, ShutdownError } from "../../../handlers/processor/errors";
import type { VideoTimes } from "../../../handlers/processor/ports";
import type { VideoProcessor } from "../../../handlers/processor/process-video";
import { VideoJob } from "../../../handlers/processor/video-job";
import { aMessage, FakeBoard, FakeLog, FakeStatuses, processed, source } from "./fakes";

type Process = VideoProcessor["process"];

function make(
  process: Process,
  statuses = new FakeStatuses(),
  more: { gone?: boolean; leaseSeconds?: number } = {},
) {
  const board = new FakeBoard();
  const log = new FakeLog();
  const changed = jest.fn(() => Promise.resolve());
  const measured = jest.fn<void, [VideoTimes]>();
  const refused = jest.fn<void, [string]>();
  const headers: (string | undefined)[] = [];
  const head = more.gone ? undefined : { sizeBytes: 7, trace: "of the object" };
  const work = new VideoJob({
    statuses,
    board,
    log,
    changes: { changed },
    processor: { process },
    leaseSeconds: more.leaseSeconds ?? 60,
    maxReceives: 4,
    objects: { head: () => Promise.resolve(head) },
    telemetry: {
      trace: ({ traceHeader }, inner) => {
        headers.push(traceHeader);
        return inner();
      },
      measureReady: measured,
      measureRefused: refused,
    },
  });
  const stop = new AbortController();
  return { work, statuses, board, log, changed, measured, refused, headers, stop };
}
const fine: Process = () => Promise.resolve(processed);
/** Work that ends when it is aborted; `onBegin` is called when it has started. */
const hanging =
  (onBegin: () => void): Process =>
  (_, { signal }) =>
    new Promise((__, reject) => {
      signal.addEventListener("abort", () => reject(new Error("cut off")));
      onBegin();
    });

it("makes a media ready, publishes the event, and deletes the message", async () => {
  const { work, statuses, board, changed, measured, headers, stop } = make(fine);
  expect(await work.run(source, aMessage(), stop.signal)).toEqual({ kind: "completed" });
  expect(statuses.calls).toEqual(["ready"]);
  expect(board.notes.map(({ status, percent }) => [status, percent])).toEqual([
    ["processing", 0],
    ["ready", 100],
  ]);
  expect(changed).toHaveBeenCalledTimes(2);
  expect(measured).toHaveBeenCalledTimes(1);
  expect(headers).toEqual(["of the object"]);
});

it("measures how long ago the upload had arrived, and never less than nothing", async () => {
  const { work, measured, stop } = make(fine);
  await work.run({ ...source, arrived: Date.now() - 90_000 }, aMessage(), stop.signal);
  await work.run({ ...source, arrived: Date.now() + 900_000 }, aMessage(), stop.signal);
  await work.run(source, aMessage(), stop.signal);
  const [long, ahead, unknown] = measured.mock.calls.map(([{ sinceUploadMs }]) => sinceUploadMs);
  expect(long).toBeGreaterThanOrEqual(90_000);
  expect(ahead).toBe(0);
  expect(unknown).toBeUndefined();
});

it("prefers the trace of the message to that of the object", async () => {
  const { work, headers, stop } = make(fine);
  await work.run(source, aMessage({ trace: "of the message" }), stop.signal);
  expect(headers).toEqual(["of the message"]);
});

it.each([
  ["is done", { kind: "done" }, { kind: "completed" }],
  ["is of no media", { kind: "unknown" }, { kind: "completed" }],
  ["has failed for good", { kind: "hopeless" }, { kind: "completed" }],
  [
    "another has for this message",
    { kind: "busy", seconds: 7.2, sameMessage: true },
    { kind: "retry", seconds: 9 },
  ],
  [
    "another has for another",
    { kind: "busy", seconds: 7.2, sameMessage: false },
    { kind: "retry", seconds: 600 },
  ],
] as const)("leaves alone what %s", async (_, claim, outcome) => {
  const process = jest.fn(fine);
  const { work, stop } = make(process, new FakeStatuses(claim));
  expect(await work.run(source, aMessage(), stop.signal)).toEqual(outcome);
  expect(process).not.toHaveBeenCalled();
});

it("fails an invalid file with its reason, and deletes the message: it does not go to the dead-letter queue", async () => {
  const { work, statuses, board, measured, stop, refused } = make(() =>
    Promise.reject(new UnprocessableVideoError("noVideo")),
  );
  expect(await work.run(source, aMessage(), stop.signal)).toEqual({ kind: "completed" });
  expect(statuses.calls).toEqual(["failed: The file contains no video."]);
  expect(board.notes.at(-1)).toMatchObject({ status: "failed", reason: "The file contains no video." });
  expect(measured).not.toHaveBeenCalled();
  expect(refused.mock.calls).toEqual([["noVideo"]]);
});

it("fails a media whose source was deleted", async () => {
  const { work, statuses, stop } = make(fine, new FakeStatuses(), { gone: true });
  await work.run(source, aMessage(), stop.signal);
  expect(statuses.calls).toEqual(["failed: The uploaded file no longer exists."]);
});

it("releases the lease of a retryable failure, and waits longer each time", async () => {
  const { work, statuses, stop } = make(() => Promise.reject(new Error("S3 is away")));
  expect(await work.run(source, aMessage({ receives: 3 }), stop.signal)).toEqual({
    kind: "retry",
    seconds: 60,
  });
  expect(statuses.calls).toEqual(["released"]);
});

it("fails a media whose last receive fails, with a reason, and leaves the message to the dead-letter queue", async () => {
  const { work, statuses, board, changed, stop } = make(() => Promise.reject(new Error("S3 is away")));
  const outcome = await work.run(source, aMessage({ receives: 4 }), stop.signal);
  expect(outcome).toEqual({ kind: "retry", seconds: 0 });
  expect(statuses.calls).toEqual([expect.stringMatching(/^given up: Processing failed several times\./)]);
  expect(board.notes.at(-1)).toMatchObject({ status: "failed", reason: expect.stringMatching(/again/) });
  expect(changed).toHaveBeenCalledTimes(2);
});

it("fails a media whose last receive is interrupted", async () => {
  const { work, statuses, stop } = make(() => {
    stop.abort(new ShutdownError("end"));
    return Promise.reject(new Error("cut off"));
  });
  const outcome = await work.run(source, aMessage({ receives: 4 }), stop.signal);
  expect(outcome).toEqual({ kind: "retry", seconds: 0 });
  expect(statuses.calls).toEqual([expect.stringMatching(/^given up: Processing was interrupted/)]);
});

it("returns the message immediately when the processor stops, whatever the work's error", async () => {
  const { work, statuses, log, stop } = make(hanging(() => stop.abort(new ShutdownError("end"))));
  expect(await work.run(source, aMessage(), stop.signal)).toEqual({ kind: "retry", seconds: 0 });
  expect(statuses.calls).toEqual(["released"]);
  expect(log.lines).toContain("handed back");
});

it("discards its result silently when another processor has the lease", async () => {
  const statuses = new FakeStatuses();
  const { work, board, measured, stop } = make(() => {
    statuses.held = false;
    return Promise.resolve(processed);
  }, statuses);
  expect(await work.run(source, aMessage(), stop.signal)).toEqual({ kind: "skip" });
  expect(board.notes.map(({ status }) => status)).toEqual(["processing"]);
  expect(measured).not.toHaveBeenCalled();
});

it("ends the work as soon as another processor has the lease", async () => {
  const statuses = new FakeStatuses();
  const lose = () => (statuses.held = false);
  const { work, stop } = make(hanging(lose), statuses, { leaseSeconds: 0.03 });
  expect(await work.run(source, aMessage(), stop.signal)).toEqual({ kind: "skip" });
  expect(statuses.calls).toEqual(["released"]);
});

it("publishes nothing when another processor has the lease", async () => {
  const statuses = new FakeStatuses();
  const uploaded = jest.fn();
  const { work, stop } = make(async (_, { confirm }) => {
    statuses.held = false;
    await confirm();
    uploaded();
    return processed;
  }, statuses);
  expect(await work.run(source, aMessage(), stop.signal)).toEqual({ kind: "skip" });
  expect(uploaded).not.toHaveBeenCalled();
});
