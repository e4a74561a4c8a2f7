import { join } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";
import type { Benchmark, Comparison } from "../case";
import { runCommand } from "../run-command";
import { type Take, takeTurns } from "../turns";

const SIZES = [3, 30, 100] as const;
const label = (size: number): string => `${size} environments`;

/** Synth with more environments. */
export const benchmark: Benchmark = {
  name: "synth-growth",
  about: "synth of 30 and 100 environments compared with 3, each in its own account with its own foundation",
  comparisons: [...comparedWithThree(30, { atMost: 5 }), ...comparedWithThree(100, { atMost: 15 })],
  measure: (bench) =>
    takeTurns(bench, Object.fromEntries(SIZES.map((size) => [label(size), synth(size, bench.folder)]))),
};

/** Goals for time: half of proportional growth. */
function comparedWithThree(size: number, goal: { readonly atMost: number }): Comparison[] {
  const pair = { of: label(size), than: label(3) };
  return [
    { ...pair, figure: "wall", goal },
    { ...pair, figure: "cpu", goal },
    { ...pair, figure: "rss" },
  ];
}

function synth(size: number, folder: string): Take {
  const args = ["--import", "tsx", "bench/grown.ts", String(size), join(folder, String(size))];
  return () => runCommand(process.execPath, args, { cwd: projectFolder });
}
