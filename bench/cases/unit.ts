import { availableParallelism } from "node:os";
import { projectFolder } from "@packages/cli-kit/paths";
import type { Benchmark } from "../case";
import { runCommand } from "../run-command";
import { takeTurns } from "../turns";

const UNIT = "npm run test:unit";

/** Unit tests, which people run after every change. */
export const benchmark: Benchmark = {
  name: "unit",
  about: "the unit layer of npm test, warm: jest's cache is filled by the run before",
  turns: { least: 3, most: 10 },
  comparisons: [
    {
      of: UNIT,
      figure: "wall",
      goal: { atMost: 15 },
      limit:
        `its CPU seconds on ${availableParallelism()} CPUs are the minimum; most are spent on ` +
        "compiling modules for each test file, resolving CDKTF tokens, and garbage collection",
    },
    { of: UNIT, figure: "cpu" },
    { of: UNIT, figure: "rss" },
  ],
  measure: (bench) =>
    takeTurns(bench, {
      [UNIT]: () => runCommand("npm", ["run", "--silent", "test:unit"], { cwd: projectFolder }),
    }),
};
