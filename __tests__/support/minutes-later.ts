/**
 * Sets the clock of this process forward and stops it, for `new Date()` as for `Date.now()`; timers run as before. Undo
 * it with `jest.useRealTimers()`.
 */
export function minutesLater(minutes: number): void {
  jest.useFakeTimers({
    now: Date.now() + minutes * 60_000,
    doNotFake: [
      "clearImmediate",
      "clearInterval",
      "clearTimeout",
      "hrtime",
      "nextTick",
      "performance",
      "queueMicrotask",
      "setImmediate",
      "setInterval",
      "setTimeout",
    ],
  });
}
