import { failureReason } from "../../../handlers/media/failure-reasons";
import { Sweep } from "../../../handlers/processor/sweep";
import { FakeBoard, FakeLog, id } from "./fakes";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A sweep whose calls of the database are answered in order; `undefined` rejects. */
function sweeping(...answers: (string[] | undefined)[]) {
  const failAbandoned = jest.fn<Promise<string[]>, [number, string]>(() => {
    const answer = answers.shift();
    return answer === undefined
      ? Promise.reject(new Error("the database does not answer"))
      : Promise.resolve(answer);
  });
  const [board, log, changed] = [new FakeBoard(), new FakeLog(), jest.fn(() => Promise.resolve())];
  const sweep = new Sweep({ statuses: { failAbandoned }, board, changes: { changed }, log });
  return { sweep, failAbandoned, board, log, changed };
}

it("fails what has had no lease for an hour, and shows it to the creator at once", async () => {
  const { sweep, failAbandoned, board, changed } = sweeping([id]);
  await sweep.stop();
  const reason = failureReason("interrupted");
  expect(failAbandoned.mock.calls).toEqual([[3_600, reason]]);
  expect(board.notes).toMatchObject([{ status: "failed", percent: 0, reason }]);
  expect(changed.mock.calls).toEqual([[id]]);
});

it("looks again each minute, also after a failure, until it is stopped", async () => {
  const { sweep, failAbandoned, board, log } = sweeping([], undefined, [id], []);
  await jest.advanceTimersByTimeAsync(59_999);
  expect(failAbandoned).toHaveBeenCalledTimes(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(failAbandoned).toHaveBeenCalledTimes(2);
  expect(log.lines.join("\n")).toContain("sweep for abandoned media failed");
  await jest.advanceTimersByTimeAsync(60_000);
  expect(board.notes).toHaveLength(1);
  await sweep.stop();
  await jest.advanceTimersByTimeAsync(600_000);
  expect(failAbandoned).toHaveBeenCalledTimes(3);
});
