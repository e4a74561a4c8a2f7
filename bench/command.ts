import { defineCommand } from "@packages/cli-kit/command";
import { choice, flag, integer, option, path, positionals } from "@packages/cli-kit/values";
import { caseNames } from "./find";

export const bench = defineCommand({
  name: "bench",
  summary: "Measures the cases of bench/cases/ with their baselines and prints a table of ratios.",
  description: [
    "Each row is measured until the 95 % confidence interval of its ratio is narrower than 5 %. A row that reaches the",
    "case's maximum of turns first is marked as too noisy. The exit code does not depend on goals.",
    "npm run docs generates docs/performance.md from docs/performance.json.",
  ].join("\n"),
  examples: ["", "synth --runs 3", "--out docs/performance.json", "--list"],
  positionals: {
    names: positionals(choice("CASE", caseNames()), "cases to measure (default: all)", { min: 0 }),
  },
  options: {
    runs: option(integer("N", { min: 1, max: 100 }), "number of turns of each case, from 1 to 100"),
    out: option(path("FILE"), "file for the measurements; other cases in it are kept", {
      default: ".local/bench/performance.json",
    }),
    list: flag("print the cases without measuring"),
  },
  run: async ({ list, ...options }) => {
    const { listCases, measureAll } = await import("./measure");
    return list ? listCases() : measureAll(options);
  },
});
