import { together } from "../../../handlers/processor/together";

const never = new AbortController().signal;
const untilAborted = (signal: AbortSignal) =>
  new Promise<string>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));

it("returns what each work returns", async () => {
  expect(await together(never, () => [Promise.resolve(1), Promise.resolve("two")])).toEqual([1, "two"]);
});

it("stops the others when one fails, and rejects with its failure after all have ended", async () => {
  let ended = false;
  const attempt = together(never, (signal) => [
    untilAborted(signal).finally(() => (ended = true)),
    Promise.reject(new Error("no sound")),
  ]);
  await expect(attempt).rejects.toThrow("no sound");
  expect(ended).toBe(true);
});

it("stops all works by the caller's signal, with its reason", async () => {
  const caller = new AbortController();
  const attempt = together(caller.signal, (signal) => [untilAborted(signal), untilAborted(signal)]);
  caller.abort(new Error("the processor stops"));
  await expect(attempt).rejects.toThrow("the processor stops");
});
