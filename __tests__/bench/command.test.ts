import { bench } from "../../bench/command";

describe("the command line of npm run bench", () => {
  it("means every case by default, each with its own number of turns", () => {
    expect(bench.parse([])).toMatchObject({ names: [], runs: undefined, list: false });
  });

  it("takes cases, turns and a folder", () => {
    const args = ["synth", "unit", "--runs", "3", "--out", "/tmp/bench", "--list"];
    expect(bench.parse(args)).toEqual({ names: ["synth", "unit"], runs: 3, out: "/tmp/bench", list: true });
  });

  it.each([
    [["speed"], /CASE must be one of cost, .*, got "speed"/],
    [["--runs", "0"], /--runs must be from 1 to 100, got "0"/],
    [["--runs", "many"], /--runs must be from 1 to 100, got "many"/],
    [["--runs", "1.5"], /--runs must be from 1 to 100, got "1.5"/],
    [["--turns"], /unknown option --turns \(did you mean --runs\?\)/],
  ])("fails for %j with one line", (args, message) => {
    expect(() => bench.parse(args)).toThrow(message);
  });
});
