import { availableParallelism } from "node:os";
import { projectFolder } from "../../local/folders";
import type { Benchmark } from "../case";
import { runCommand } from "../run-command";
import { takeTurns } from "../turns";

const UNIT = "npm run test:unit";

/** What people run after every change. */
export const benchmark: Benchmark = {
  name: "unit",
  about: "the unit layer of npm test, warm: jest's cache is filled by the run before",
  runs: 3,
  comparisons: [
    {
      of: UNIT,
      figure: "wall",
      goal: { atMost: 15 },
      limit:
        `its CPU seconds shared by ${availableParallelism()} CPUs are the least that it can take; they go to loading ` +
        "modules anew for each test file, to synthesis, and to the transform's cache",
    },
    { of: UNIT, figure: "cpu" },
    { of: UNIT, figure: "rss" },
  ],
  measure: (bench) =>
    takeTurns(bench, {
      [UNIT]: () => runCommand("npm", ["run", "--silent", "test:unit"], { cwd: projectFolder }),
    }),
};
