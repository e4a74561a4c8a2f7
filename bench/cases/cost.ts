import { join } from "node:path";
import { environments } from "../../stacks/environments";
import { total } from "../../cli/docs/cost";
import { type Design, designOf, FIRST_DESIGN } from "../../cli/docs/design";
import { readStacks } from "@packages/terraform/synthesized-stack";
import { EDGE_REQUESTS, mostVideos, tasksFor, TRAFFIC, usageCost } from "../../cli/docs/usage-cost";
import { LOADS } from "../../cli/docs/usage-table";
import { projectFolder } from "@packages/cli-kit/paths";
import { type Bench, type Benchmark, type Comparison, COMPUTED, type Measured, type Sample } from "../case";
import { runCommand } from "../run-command";
import { number } from "../../cli/docs/performance/table";

const FIRST_DESIGN_NAME = FIRST_DESIGN.name;
const LARGEST_LOAD = LOADS[2];
const label = (name: string, videos: number): string =>
  videos === 0 ? `${name}, idle` : `${name}, ${number(videos)} videos`;

/** Computed figures. */
export const benchmark: Benchmark = {
  name: "cost",
  about:
    "monthly cost, idle and with videos, compared with the first design exactly as drawn, at list prices",
  turns: COMPUTED,
  comparisons: environments.flatMap(({ name, processor }) => [
    ...LOADS.flatMap((videos) => against(name, videos)),
    {
      of: label(name, LARGEST_LOAD),
      figure: "tasks",
      goal: { atMost: processor.maximumTasks },
      limit: `its settings allow ${processor.maximumTasks} tasks; the cost is computed for a higher processor.maximumTasks, see docs/cost.md`,
    },
  ]),
  measure,
};

function against(name: string, videos: number): Comparison[] {
  const pair = { of: label(name, videos), than: label(FIRST_DESIGN_NAME, videos), unit: "$" };
  const goal =
    name === "dev" && videos === 0
      ? {
          goal: { atMost: 0.5 },
          limit: "dev has an endpoint of SQS, by which the API sends a failed video to the processor again",
        }
      : {};
  // Traffic to viewers costs the same in both and would dominate.
  const inside = videos === 0 ? [] : [{ ...pair, figure: "bill without viewers" }];
  return [{ ...pair, figure: "bill", ...goal }, ...inside];
}

async function measure(bench: Bench): Promise<Measured> {
  const outdir = join(bench.folder, "stacks");
  await runCommand(
    process.execPath,
    ["--import", "tsx", "bench/grown.ts", String(environments.length), outdir],
    { cwd: projectFolder },
  );
  const stacks = readStacks(outdir);
  const designs = environments.map(({ name }): [string, Design] => {
    const stack = stacks.find((one) => one.name === `streamflow-${name}`);
    if (stack === undefined) throw new Error(`${name} is not synthesized`);
    return [name, designOf(stack)];
  });
  const all: [string, Design][] = [...designs, [FIRST_DESIGN_NAME, FIRST_DESIGN]];
  all.forEach(([name, design]) =>
    bench.tell(`${name} processes at most ${number(mostVideos(design))} videos per month`),
  );
  return Object.fromEntries(
    all.flatMap(([name, design]) =>
      LOADS.map((videos) => [label(name, videos), [sampleOf(design, videos)]] as const),
    ),
  );
}

function sampleOf(design: Design, videos: number): Sample {
  const items = usageCost(design, videos);
  const inside = items.filter(({ what }) => what !== TRAFFIC && what !== EDGE_REQUESTS);
  return { bill: total(items), "bill without viewers": total(inside), tasks: tasksFor(design, videos) };
}
