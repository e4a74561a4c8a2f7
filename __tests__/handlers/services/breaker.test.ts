import { Breaker } from "../../../handlers/services/breaker";

function setUp(): { breaker: Breaker; pass: (milliseconds: number) => void } {
  let now = 1_000_000;
  const breaker = new Breaker({ shortest: 1_000, longest: 4_000, now: () => now });
  return { breaker, pass: (milliseconds) => void (now += milliseconds) };
}

/** Time without calls after a failure, in milliseconds. */
function pause({ breaker, pass }: ReturnType<typeof setUp>): number {
  breaker.failed();
  let waited = 0;
  for (; !breaker.allows(); waited += 500) pass(500);
  return waited;
}

it("allows requests until one fails", () => {
  const { breaker } = setUp();
  breaker.succeeded();
  expect(breaker.allows()).toBe(true);
});

it("waits twice as long after each further failure, up to the longest", () => {
  const it = setUp();
  expect([pause(it), pause(it), pause(it), pause(it)]).toEqual([1_000, 2_000, 4_000, 4_000]);
});

it("starts again from zero after a success", () => {
  const it = setUp();
  pause(it);
  pause(it);
  it.breaker.succeeded();
  expect(pause(it)).toBe(1_000);
});
