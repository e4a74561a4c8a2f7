import { defineCommand } from "@packages/cli-kit/command";
import { choice, flag, integer, option, path, positionals } from "@packages/cli-kit/values";
import { caseNames } from "./find";

export const bench = defineCommand({
  name: "bench",
  summary: "Measures cases of bench/cases/ side by side with their baselines, and prints a table of ratios.",
  description: "The exit code does not depend on whether goals are met.",
  examples: ["", "synth --runs 3", "--list"],
  positionals: {
    names: positionals(choice("CASE", caseNames()), "what is measured: all when none is named", { min: 0 }),
  },
  options: {
    runs: option(
      integer("N", { min: 1, max: 100 }),
      "turns of each case, from 1 to 100 (default 5, or what it says)",
    ),
    out: option(path("FOLDER"), "where results.json is written", {
      default: ".local/bench",
    }),
    list: flag("print the cases with what each compares, and measure nothing"),
  },
  run: async ({ list, ...options }) => {
    const { listCases, measureAll } = await import("./measure");
    return list ? listCases() : measureAll(options);
  },
});
