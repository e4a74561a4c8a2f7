import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environments } from "../../stacks/environments";
import { Stack } from "@packages/terraform/synthesized-stack";
import { targetOf } from "../../cli/lib/target";
import { outlasts } from "../../cli/lib/foundation";
import { localFolder, logFolder } from "@packages/cli-kit/paths";
import type { Bench, Benchmark, Measured, Sample } from "../case";
import { appliedSeconds } from "../start/applied";
import { type Chain, needsOf, slowestChain } from "../start/chain";
import { timeStart } from "../start/start";
import { takeRounds } from "../turns";

/** Name of the run; `.local/bench` belongs to the benchmark. */
const NAME = "bench-start";
const COLD = "npm start, cold";
const WARM = "npm start, warm";
const CHAIN = "slowest chain of waits";
/** Applies in order: stack, log, and the part that the next one waits for. */
const APPLIES = [
  {
    stack: targetOf("foundation-dev", environments).stack,
    log: "foundation",
    isWaitedFor: (address: string) => !outlasts(address),
  },
  { stack: targetOf("dev", environments).stack, log: "terraform", isWaitedFor: () => true },
] as const;

/** From a checkout to a served product. */
export const benchmark: Benchmark = {
  name: "start",
  about:
    "npm start until it serves, cold and resumed, compared with the slowest chain of dependent resources " +
    "in the two applies of the cold start",
  turns: { least: 3, most: 6 },
  comparisons: [
    {
      of: COLD,
      than: CHAIN,
      figure: "wall",
      goal: { atMost: 1.15 },
      limit:
        "before the chain it runs synth, servers and a plan, afterwards functions, migrations, the first calls and " +
        "the first video, which need CPU",
    },
    { of: COLD, than: CHAIN, figure: "verified", unit: "s" },
    { of: COLD, figure: "cpu" },
    {
      of: COLD,
      figure: "memory",
      goal: { atMost: 4_096 },
      limit: "each Terraform provider uses over 600 MiB",
    },
    {
      of: WARM,
      figure: "wall",
      goal: { atMost: 20 },
      limit: "it runs synth, the servers and a video's page, all on the CPU",
    },
    { of: WARM, figure: "verified", unit: "s" },
    { of: WARM, figure: "cpu" },
    { of: WARM, figure: "memory" },
  ],
  measure,
};

function measure(bench: Bench): Promise<Measured> {
  return takeRounds(bench, async () => {
    const cold = await timeStart("--fresh", "--name", NAME);
    // before the warm start overwrites the logs
    const chain = slowestWaits(bench);
    const warm = await timeStart("--name", NAME);
    return { [COLD]: { ...cold }, [CHAIN]: chain, [WARM]: { ...warm } };
  });
}

/** The stack's slowest chain, including its part of the foundation. */
function slowestWaits(bench: Bench): Sample {
  const chains = APPLIES.map(chainOf);
  for (const { seconds, addresses } of chains)
    bench.tell(`${seconds.toFixed(1)} s: ${addresses.join(" → ")}`);
  const wall = chains.reduce((sum, { seconds }) => sum + seconds, 0);
  return { wall, verified: wall };
}

function chainOf({ stack, log, isWaitedFor }: (typeof APPLIES)[number]): Chain {
  const synthesized = join(localFolder, NAME, "cdktf.out/stacks", stack, "cdk.tf.json");
  const needs = needsOf(new Stack(stack, JSON.parse(readFileSync(synthesized, "utf8"))));
  const seconds = appliedSeconds(readFileSync(join(logFolder, NAME, `${log}.log`), "utf8"));
  return slowestChain(new Map([...seconds].filter(([address]) => isWaitedFor(address))), needs);
}
