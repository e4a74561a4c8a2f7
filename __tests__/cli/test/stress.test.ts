import { execFileSync } from "node:child_process";
import { startBusyProcesses, stressSteps } from "../../../cli/test/stress";

test("each layer runs as often under load as with its files in another order", () => {
  const { busy, shuffled } = stressSteps(["test:services", "test:emulator"], 2);
  expect(busy.map(({ script }) => script)).toEqual([
    "test:services",
    "test:emulator",
    "test:services",
    "test:emulator",
  ]);
  expect(shuffled.map(({ script, env }) => [script, env?.TEST_ORDER_SEED])).toEqual([
    ["test:services", "1"],
    ["test:emulator", "1"],
    ["test:services", "2"],
    ["test:emulator", "2"],
  ]);
  expect(new Set([...busy, ...shuffled].map(({ name }) => name)).size).toBe(8);
});

test("busy processes compute until they are stopped", async () => {
  const busy = () =>
    execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" }).split("for (;;);").length - 1;
  const before = busy();
  const stop = await startBusyProcesses(2);
  expect(busy()).toBe(before + 2);
  await stop();
  expect(busy()).toBe(before);
});

test("a seed decides the order of the files, and loses none", () => {
  const files = Array.from({ length: 20 }, (_, index) => ({ path: `/${index}.test.ts` }));
  const order = (seed?: string): string[] => {
    const before = process.env.TEST_ORDER_SEED;
    if (seed === undefined) delete process.env.TEST_ORDER_SEED;
    else process.env.TEST_ORDER_SEED = seed;
    jest.resetModules();
    const Sequencer = jest.requireActual<new () => { sort(tests: typeof files): typeof files }>(
      "../../support/shuffled-sequencer.js",
    );
    const sorted = new Sequencer().sort(files).map(({ path }) => path);
    if (before === undefined) delete process.env.TEST_ORDER_SEED;
    else process.env.TEST_ORDER_SEED = before;
    return sorted;
  };
  expect(order("1")).toEqual(order("1"));
  expect(order("1")).not.toEqual(order("2"));
  expect(order("1").sort()).toEqual(files.map(({ path }) => path).sort());
});
