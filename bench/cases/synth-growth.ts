import { join } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";
import type { Benchmark } from "../case";
import { runCommand } from "../run-command";
import { takeTurns } from "../turns";

const SIZES = [1, 3, 10, 30] as const;
const label = (size: number): string => (size === 1 ? "1 environment" : `${size} environments`);

/** Synth as environments are added. */
export const benchmark: Benchmark = {
  name: "synth-growth",
  about: "synth of 1, 3, 10 and 30 environments, each with an account and so a foundation of its own",
  comparisons: ["wall", "cpu", "rss"].map((figure) => ({
    of: label(30),
    than: label(3),
    figure,
    goal: figure === "rss" ? undefined : { atMost: 5 },
  })),
  measure: (bench) =>
    takeTurns(
      bench,
      Object.fromEntries(
        SIZES.map((size) => [
          label(size),
          () =>
            runCommand(
              process.execPath,
              ["--import", "tsx", "bench/grown.ts", String(size), join(bench.folder, String(size))],
              { cwd: projectFolder },
            ),
        ]),
      ),
    ),
};
