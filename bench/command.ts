import { defineCommand } from "@packages/cli-kit/command";
import { choice, flag, integer, option, path, positionals } from "@packages/cli-kit/values";
import { caseNames } from "./find";

export const bench = defineCommand({
  name: "bench",
  summary: "Measures cases of bench/cases/ side by side with their baselines, and prints a table of ratios.",
  description: [
    "Each row is measured until the 95 % confidence interval of its ratio is narrower than 5 %, or until the case's most",
    "turns: then it is marked as too noisy. The exit code does not depend on whether goals are met.",
    "docs/performance.md is made by npm run docs from docs/performance.json.",
  ].join("\n"),
  examples: ["", "synth --runs 3", "--out docs/performance.json", "--list"],
  positionals: {
    names: positionals(choice("CASE", caseNames()), "what is measured: all when none is named", { min: 0 }),
  },
  options: {
    runs: option(integer("N", { min: 1, max: 100 }), "exactly so many turns of each case, from 1 to 100"),
    out: option(path("FILE"), "file of the measurements; its other cases are kept", {
      default: ".local/bench/performance.json",
    }),
    list: flag("print the cases with what each compares, and measure nothing"),
  },
  run: async ({ list, ...options }) => {
    const { listCases, measureAll } = await import("./measure");
    return list ? listCases() : measureAll(options);
  },
});
