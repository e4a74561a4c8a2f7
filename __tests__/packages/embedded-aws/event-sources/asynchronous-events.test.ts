import {
  type AsynchronousEvent,
  deliverEvent,
  type FailedEvent,
  type RetryPolicy,
} from "../../../../packages/embedded-aws/event-sources/asynchronous-events";

const event: AsynchronousEvent = {
  number: 1,
  functionArn: "arn:aws:lambda:us-east-1:111111111111:function:f",
  event: { a: 1 },
  time: 0,
};
const failure = { errorType: "Error", errorMessage: "no" };
const throttle = Object.assign(new Error("Rate Exceeded."), { name: "TooManyRequestsException" });

/** Delivers an event to a function that returns the listed results in turn, and then succeeds. */
async function deliver(
  attempts: ("fails" | "is throttled")[],
  policy: Partial<RetryPolicy> = {},
  interrupted = false,
) {
  const pauses: number[] = [];
  const letters: Omit<FailedEvent, "event">[] = [];
  let now = 0;
  const delivered = await deliverEvent(event, {
    invoke: () => {
      const attempt = attempts.shift();
      if (attempt === "is throttled") return Promise.reject(throttle);
      const error = attempt === "fails" ? failure : undefined;
      return Promise.resolve({ requestId: "r", version: "1", payload: "null", error });
    },
    retryPolicy: () => Promise.resolve({ retries: 2, maxAgeSeconds: 6 * 3_600, ...policy }),
    deadLetter: ({ requestId, errorCode, errorMessage }) =>
      Promise.resolve(void letters.push({ requestId, errorCode, errorMessage })),
    now: () => now,
    pause: (milliseconds) => {
      pauses.push(milliseconds);
      now += milliseconds;
      return Promise.resolve(!interrupted);
    },
  });
  return { delivered, seconds: pauses.map((pause) => pause / 1_000), letters, left: attempts.length };
}

test("a handled event is not retried", async () => {
  expect(await deliver([])).toEqual({ delivered: true, seconds: [], letters: [], left: 0 });
});

test("a function that fails is called twice more, after one minute and two", async () => {
  expect(await deliver(["fails", "fails"])).toMatchObject({ seconds: [60, 120], letters: [] });
  expect(await deliver(["fails", "fails", "fails", "fails"])).toEqual({
    delivered: true,
    seconds: [60, 120],
    letters: [{ requestId: "r", errorCode: "200", errorMessage: "no" }],
    left: 1,
  });
});

test("a function without retries is called once", async () => {
  const { seconds, letters } = await deliver(["fails", "fails"], { retries: 0 });
  expect([seconds, letters.length]).toEqual([[], 1]);
});

test("a throttled function is called until the event is too old, after 5 minutes at most", async () => {
  const throttled = Array.from({ length: 12 }, () => "is throttled" as const);
  const { seconds, letters } = await deliver(throttled, { maxAgeSeconds: 1_500 });
  expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  expect(letters).toEqual([]);
  const given = await deliver(
    Array.from({ length: 3 }, () => "is throttled" as const),
    { maxAgeSeconds: 2 },
  );
  expect(given).toMatchObject({ seconds: [1], letters: [{ errorCode: "429" }], left: 1 });
});

test("an event whose wait was interrupted is still to be handled", async () => {
  expect(await deliver(["fails"], {}, true)).toMatchObject({ delivered: false, letters: [] });
});
