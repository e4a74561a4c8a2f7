import {
  busyRetrySeconds,
  completed,
  skip,
  retryDelaySeconds,
  retryAfter,
  combinedOutcome,
} from "../../../handlers/processor/outcome";

it("deletes a message only when all its events are done", () => {
  expect(combinedOutcome([])).toBe(completed);
  expect(combinedOutcome([completed, completed])).toBe(completed);
  expect(combinedOutcome([completed, skip])).toBe(skip);
  expect(combinedOutcome([retryAfter(5), skip, retryAfter(0), completed])).toEqual(retryAfter(0));
});

it("waits longer with each receive, up to a quarter of an hour, and up to four where another works on it", () => {
  const lease = { remainingSeconds: 12.3, leaseSeconds: 60 };
  expect([1, 2, 3, 10, 1_000].map(retryDelaySeconds)).toEqual([15, 30, 60, 900, 900]);
  expect([1, 2, 10].map((receives) => busyRetrySeconds({ ...lease, receives }))).toEqual([
    600, 6_000, 14_400,
  ]);
  expect(busyRetrySeconds({ ...lease, remainingSeconds: 899.5, receives: 1 })).toBe(901);
});
