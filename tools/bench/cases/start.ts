import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environments } from "../../../stacks/environments";
import { Stack } from "../../../stacks/policies/stack";
import { targetOf } from "../../delivery/target";
import { localFolder, logFolder } from "../../local/folders";
import type { Bench, Benchmark, Measured, Sample } from "../case";
import { appliedSeconds } from "../start/applied";
import { type Chain, needsOf, slowestChain } from "../start/chain";
import { timeStart } from "../start/start";
import { takeTurns } from "../turns";

/** Of the run: `.local/bench` is the bench's own. */
const NAME = "bench-start";
const COLD = "npm start, cold";
const WARM = "npm start, warm";
const CHAIN = "slowest chain of waits";
/** Stacks by the log of their apply, in the order in which they are applied. */
const STACKS = {
  foundation: targetOf("foundation-dev", environments).stack,
  terraform: targetOf("dev", environments).stack,
};

/** From a checkout to a served product. */
export const benchmark: Benchmark = {
  name: "start",
  about:
    "npm start until it serves, cold and taken up again, beside the slowest chain of resources that wait for one another " +
    "in the two applies of the cold start",
  runs: 1,
  comparisons: [
    {
      of: COLD,
      than: CHAIN,
      figure: "wall",
      goal: { atMost: 1.15 },
      limit:
        "before the chain come synth, the servers and a plan, after it the functions, the migrations, the first calls and " +
        "the first video, which take CPU and nothing that waits can hide",
    },
    { of: COLD, than: CHAIN, figure: "proved", unit: "s" },
    {
      of: WARM,
      figure: "wall",
      goal: { atMost: 20 },
      limit: "synth, the servers and a video's page are what it does, all of it on the CPU",
    },
    { of: WARM, figure: "proved", unit: "s" },
  ],
  measure,
};

async function measure(bench: Bench): Promise<Measured> {
  let waits: Sample = {};
  return takeTurns(
    bench,
    {
      [COLD]: async () => {
        const start = await timeStart("--fresh", "--name", NAME);
        // the warm start writes its logs over these
        waits = slowestWaits(bench);
        return { ...start };
      },
      [CHAIN]: () => Promise.resolve(waits),
      [WARM]: async () => ({ ...(await timeStart("--name", NAME)) }),
    },
    { warmUp: false },
  );
}

/** The foundation's slowest chain and then the stack's, for the one is applied after the other. */
function slowestWaits(bench: Bench): Sample {
  const chains = Object.entries(STACKS).map(([log, stack]) => chainOf(log, stack));
  for (const { seconds, addresses } of chains)
    bench.tell(`${seconds.toFixed(1)} s: ${addresses.join(" → ")}`);
  const wall = chains.reduce((sum, { seconds }) => sum + seconds, 0);
  return { wall, proved: wall };
}

function chainOf(log: string, stack: string): Chain {
  const synthesized = join(localFolder, NAME, "cdktf.out/stacks", stack, "cdk.tf.json");
  const needs = needsOf(new Stack(stack, JSON.parse(readFileSync(synthesized, "utf8"))));
  return slowestChain(appliedSeconds(readFileSync(join(logFolder, NAME, `${log}.log`), "utf8")), needs);
}
