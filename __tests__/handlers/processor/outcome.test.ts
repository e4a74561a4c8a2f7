import { busyFor, DELETE, LEAVE, retryIn, show, together } from "../../../handlers/processor/outcome";

it("deletes a message only when all its events are done", () => {
  expect(together([])).toBe(DELETE);
  expect(together([DELETE, DELETE])).toBe(DELETE);
  expect(together([DELETE, LEAVE])).toBe(LEAVE);
  expect(together([show(5), LEAVE, show(0), DELETE])).toEqual(show(0));
});

it("waits longer with each receive, up to a quarter of an hour, and up to four where another works on it", () => {
  expect([1, 2, 3, 10, 1_000].map(retryIn)).toEqual([15, 30, 60, 900, 900]);
  expect([1, 2, 10].map((receives) => busyFor(12.3, 60, receives))).toEqual([600, 6_000, 14_400]);
  expect(busyFor(899.5, 60, 1)).toBe(901);
});
