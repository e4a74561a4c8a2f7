import { Late, within } from "../../../handlers/services/time-limit";

let frozen = 0;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ["performance"] });
  frozen = 0;
  const begin = 1_000;
  let elapsed = 0;
  jest.spyOn(performance, "now").mockImplementation(() => begin + elapsed++ + frozen);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const never = new Promise<never>(() => undefined);

test("gives the result, and leaves no timer", async () => {
  expect(await within(100, Promise.resolve("here"))).toBe("here");
  await expect(within(100, Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(jest.getTimerCount()).toBe(0);
});

test("rejects after the time limit", async () => {
  const limited = expect(within(100, never)).rejects.toThrow(Late);
  await jest.advanceTimersByTimeAsync(100);
  await limited;
});

test("gives a process that was frozen the time once more", async () => {
  let arrive: (value: string) => void = () => undefined;
  const result = within(100, new Promise<string>((resolve) => (arrive = resolve)));
  frozen = 60_000;
  await jest.advanceTimersByTimeAsync(100);
  arrive("read after the freeze");
  expect(await result).toBe("read after the freeze");
});

test("rejects after the second time, too", async () => {
  const limited = expect(within(100, never)).rejects.toThrow(Late);
  frozen = 60_000;
  await jest.advanceTimersByTimeAsync(200);
  await limited;
});
