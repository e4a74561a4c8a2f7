import { readStacks } from "@packages/terraform/synthesized-stack";
import { projectFolder } from "@packages/cli-kit/paths";
import { type Benchmark, type Comparison, COMPUTED, type Sample } from "../case";
import { runCommand } from "../run-command";
import { arriving, LOADS } from "../scaling/loads";
import { deployedPolicy, FIRST_DESIGN, type ScalingPolicy } from "../scaling/policy";
import { simulate, type World } from "../scaling/simulate";

/** A task whose videos use all of its CPU: the best case for CPU scaling. */
const BUSY = { name: "", cpu: 95 };
/** A task whose videos leave CPU idle during transfers: CPU scaling never reaches 70 %. */
const IDLE = { name: ", CPU at 65 %", cpu: 65 };

/** Number of simulations with different arrivals and videos. */
const SEEDS = 21;

/** Conditions for both policies. */
function worldOf(load: (typeof LOADS)[number], { busyCpu, seed }: Pick<World, "busyCpu" | "seed">): World {
  const service = { mean: 60, sigma: 0.6 };
  const slots = 2;
  return {
    seed,
    service,
    slots,
    busyCpu,
    startup: 60,
    metricDelay: 60,
    seconds: load.hours * 3_600,
    arrivals: arriving(load, { videosPerSecond: slots / service.mean, seed }),
  };
}

const things = [BUSY, IDLE].flatMap((use) =>
  LOADS.map((load) => ({ load, use, name: load.name + use.name })),
);
const first = (name: string): string => `CPU only: ${name}`;

const LIMIT: Readonly<Record<string, string>> = {
  "burst of 10 000":
    "ten tasks need 8.3 hours for 10 000 minutes of work, and CPU scaling has all ten after nine minutes: the fastest" +
    " start can't save more than those",
};

const comparisons = things.flatMap(({ load, use, name }): Comparison[] => [
  {
    of: name,
    than: first(name),
    figure: "late",
    unit: "min",
    // Without backlog, one task is enough.
    goal: load.name === "quiet days" ? undefined : { atMost: 0.5 },
    limit: LIMIT[load.name],
  },
  {
    of: name,
    than: first(name),
    figure: "task-hours",
    // A policy that leaves work undone has few task-hours, so no comparison is possible.
    goal: use === BUSY ? { atMost: 1.1 } : undefined,
  },
]);

/** Simulation of the processor's scaling, see bench/scaling/. */
export const benchmark: Benchmark = {
  name: "scaling",
  about:
    `simulation of prod's scaling policies, compared with the first design's (CPU 70 %), both with 1 to 10 tasks: ` +
    `minutes in which a video waits for more than a minute, and task-hours; means of ${SEEDS} seeds`,
  turns: COMPUTED,
  comparisons,
  async measure(bench) {
    const env = { CDKTF_OUTDIR: bench.folder };
    await runCommand("npm", ["run", "--silent", "synth"], { cwd: projectFolder, env });
    const stack = readStacks(bench.folder).find(({ name }) => name === "streamflow-prod");
    if (stack === undefined) throw new Error("streamflow-prod is not synthesized");
    const deployed = deployedPolicy(stack);
    return Object.fromEntries(
      things.flatMap(({ load, use, name }) => [
        [name, [simulated(load, { busyCpu: use.cpu, policy: deployed })]],
        [first(name), [simulated(load, { busyCpu: use.cpu, policy: FIRST_DESIGN })]],
      ]),
    );
  },
};

/** Means of all seeds. */
function simulated(
  load: (typeof LOADS)[number],
  { busyCpu, policy }: { readonly busyCpu: number; readonly policy: ScalingPolicy },
): Sample {
  const runs = Array.from({ length: SEEDS }, (_, index) =>
    simulate(worldOf(load, { busyCpu, seed: index + 1 }), policy),
  );
  const mean = (figures: readonly number[]): number => figures.reduce((sum, one) => sum + one, 0) / SEEDS;
  return {
    late: mean(runs.map(({ late }) => late)),
    "task-hours": mean(runs.map(({ taskHours }) => taskHours)),
  };
}
