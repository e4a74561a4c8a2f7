import { isPassing } from "../../../handlers/services/aws-errors";
import { retried } from "../../../handlers/services/retry";
import { turnsUntil } from "../../support/turns";

const passing = new Error("away");
function failing(times: number, error: Error = passing) {
  let count = 0;
  return jest.fn(() => (++count <= times ? Promise.reject(error) : Promise.resolve(count)));
}
const options = { patience: 1_000, pause: 1, mayPass: (error: unknown) => error === passing };

it("tries until it succeeds", async () => {
  expect(await retried(failing(5), options)).toBe(6);
});

it("fails immediately with a permanent error", async () => {
  const work = failing(5, new Error("wrong"));
  await expect(retried(work, options)).rejects.toThrow("wrong");
  expect(work).toHaveBeenCalledTimes(1);
});

it("fails with the last error after the time limit", async () => {
  const work = failing(Infinity);
  const began = Date.now();
  const clock = jest.spyOn(Date, "now").mockImplementation(() => began + 250 * work.mock.calls.length);
  await expect(retried(work, { ...options, patience: 1_000 })).rejects.toBe(passing);
  clock.mockRestore();
  expect(work).toHaveBeenCalledTimes(4);
});

describe("work that reports its progress", () => {
  /** Fails after 800 ms each, having come this far. */
  async function attempts(progress: readonly number[]): Promise<number> {
    let now = Date.now();
    const clock = jest.spyOn(Date, "now").mockImplementation(() => now);
    let count = 0;
    const outcome = retried(
      (report) => {
        now += 800;
        report(progress[count++] ?? 0);
        now += 800;
        return Promise.reject(passing);
      },
      { ...options, patience: 1_000 },
    );
    await expect(outcome).rejects.toBe(passing);
    clock.mockRestore();
    return count;
  }

  it("is tried again for as long as it comes further", async () => {
    expect(await attempts([1, 2, 3])).toBe(4);
  });

  it("is not tried forever if it always fails at the same place", async () => {
    expect(await attempts([5, 5, 5])).toBe(2);
    expect(await attempts([])).toBe(1);
  });
});

it("rejects immediately with the signal's reason, also during a pause", async () => {
  const stop = new AbortController();
  const work = failing(Infinity);
  const hour = 3_600_000;
  const outcome = retried(work, { ...options, patience: 2 * hour, pause: hour, signal: stop.signal });
  const refused = expect(outcome).rejects.toThrow("stopped");
  await turnsUntil(() => work.mock.calls.length === 1);
  stop.abort(new Error("stopped"));
  await refused;
});

const aws = (name: string, httpStatusCode?: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

it.each([
  [aws("InternalError", 500), true],
  [aws("SlowDown", 503), true],
  [aws("ThrottlingException", 400), true],
  [aws("TooManyRequests", 429), true],
  [new Error("ECONNREFUSED"), true],
  [aws("AccessDenied", 403), false],
  [aws("NoSuchKey", 404), false],
  ["no error", false],
])("decides whether %s is retryable", (error, expected) => expect(isPassing(error)).toBe(expected));
