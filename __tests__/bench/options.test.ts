import { OptionError, parseOptions, usage } from "../../bench/options";

const known = ["start", "synth", "unit"];

describe("the options of npm run bench", () => {
  it("are every case by default, each with its own number of turns", () => {
    expect(parseOptions([], known)).toMatchObject({ names: [], runs: undefined, list: false, help: false });
  });

  it("are what the help lists", () => {
    const args = ["synth", "unit", "--runs", "3", "--out", "/tmp/bench", "--list", "-h"];
    expect(parseOptions(args, known)).toEqual({
      names: ["synth", "unit"],
      runs: 3,
      out: "/tmp/bench",
      list: true,
      help: true,
    });
    for (const option of ["--runs", "--out", "--list", "--help"]) expect(usage).toContain(option);
  });

  it.each([
    [["speed"], 'a case must be one of start, synth, unit, got "speed"'],
    [["--runs", "0"], '--runs must be from 1 to 100, got "0"'],
    [["--runs", "many"], '--runs must be from 1 to 100, got "many"'],
    [["--runs", "1.5"], '--runs must be from 1 to 100, got "1.5"'],
    [["--turns"], "Unknown option '--turns'; npm run bench -- --help lists the options"],
  ])("fails for %j with one line", (args, message) => {
    expect(() => parseOptions(args, known)).toThrow(OptionError);
    expect(() => parseOptions(args, known)).toThrow(message);
  });
});
