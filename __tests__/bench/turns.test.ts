import type { Measured } from "../../bench/case";
import { takeRounds, takeTurns } from "../../bench/turns";

/** Requires `turns` samples of each name. */
const needing = (turns: Readonly<Record<string, number>>) => ({
  needed: (measured: Measured) =>
    new Set(Object.keys(turns).filter((name) => (measured[name]?.length ?? 0) < (turns[name] ?? 0))),
  tell: () => undefined,
});

describe("turns", () => {
  const order: string[] = [];
  const take = (name: string) => (turn: number) => {
    order.push(`${name}${turn}`);
    return Promise.resolve({ wall: turn });
  };
  beforeEach(() => order.splice(0));

  it("run subjects in sequence, every second turn in reversed order, and discard the first turn", async () => {
    const samples = await takeTurns(needing({ a: 3, b: 3 }), { a: take("a"), b: take("b") });
    expect(order).toEqual(["a0", "b0", "a1", "b1", "b2", "a2", "a3", "b3"]);
    const walls = [{ wall: 1 }, { wall: 2 }, { wall: 3 }];
    expect(samples).toEqual({ a: walls, b: walls });
  });

  it("end for each subject when it needs no more turns, and skip subjects without turns", async () => {
    await takeTurns(needing({ a: 2, b: 1 }), { a: take("a"), b: take("b"), c: take("c") });
    expect(order).toEqual(["a0", "b0", "a1", "b1", "a2"]);
  });

  it("start with the first measured turn where there is no warm-up", async () => {
    await takeTurns(needing({ a: 1 }), { a: take("a") }, { warmUp: false });
    expect(order).toEqual(["a1"]);
  });
});

describe("rounds", () => {
  it("go on until nothing needs more samples", async () => {
    const samples = await takeRounds(needing({ cold: 2 }), (turn) =>
      Promise.resolve({ cold: { wall: turn }, warm: { wall: 10 * turn } }),
    );
    expect(samples).toEqual({ cold: [{ wall: 1 }, { wall: 2 }], warm: [{ wall: 10 }, { wall: 20 }] });
  });
});
