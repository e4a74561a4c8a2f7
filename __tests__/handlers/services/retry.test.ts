import { isPassing } from "../../../handlers/services/aws-errors";
import { retried } from "../../../handlers/services/retry";

const passing = new Error("away");
function failing(times: number, error: Error = passing) {
  let count = 0;
  return jest.fn(() => (++count <= times ? Promise.reject(error) : Promise.resolve(count)));
}
const options = { patience: 1_000, pause: 1, mayPass: (error: unknown) => error === passing };

it("tries until it succeeds", async () => {
  expect(await retried(failing(5), options)).toBe(6);
});

it("fails at once with what will not pass", async () => {
  const work = failing(5, new Error("wrong"));
  await expect(retried(work, options)).rejects.toThrow("wrong");
  expect(work).toHaveBeenCalledTimes(1);
});

it("fails with the last failure when its patience is over", async () => {
  const work = failing(Infinity);
  await expect(retried(work, { ...options, patience: 300 })).rejects.toBe(passing);
  expect(work.mock.calls.length).toBeGreaterThan(1);
});

it("ends with the signal's reason as soon as it comes, in the middle of a pause too", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("stopped")), 20);
  const started = Date.now();
  const work = retried(failing(Infinity), {
    ...options,
    patience: 60_000,
    pause: 30_000,
    signal: stop.signal,
  });
  await expect(work).rejects.toThrow("stopped");
  expect(Date.now() - started).toBeLessThan(2_000);
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
])("knows whether %s may pass", (error, expected) => expect(isPassing(error)).toBe(expected));
