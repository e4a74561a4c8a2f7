import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesize } from "../../cli/lib/synthesize";
import { projectFolder } from "@packages/cli-kit/paths";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { TerraformToolchain } from "@packages/terraform/toolchain";
import type { Bench, Benchmark, Comparison, Measured } from "../case";
import { type LargePlan, longList, manyPermissions } from "../review/large-plans";
import { type KeptPlan, keptPlan } from "../review/planned";
import { runCommand } from "../run-command";
import { takeTurns, type Take } from "../turns";

const STACK = "streamflow-dev";
/** Repetitions of the stack's about 240 resources, for plans of about 240, 1 700 and 5 000 changes. */
const REPETITIONS = [1, 7, 21] as const;
const MAX_REPETITIONS = Math.max(...REPETITIONS);
const reviewOf = (times: number): string => `review of ${times} × ${STACK}`;
const showOf = (times: number): string => `terraform show -json, ${times} ×`;

/** Pairs of plans of which the second is twice the first. */
const DOUBLED: readonly (readonly [LargePlan, LargePlan])[] = [
  [manyPermissions(20_000), manyPermissions(40_000)],
  [longList(5_000), longList(10_000)],
];
const largeReviewOf = ({ name }: LargePlan): string => `review of ${name}`;

/** Time that a pull request waits after the plan. */
export const benchmark: Benchmark = {
  name: "review",
  about:
    "the review command for a plan that creates everything, compared with terraform show -json of the plan",
  comparisons: [
    ...REPETITIONS.flatMap((times): Comparison[] => [
      { of: reviewOf(times), figure: "resources", unit: "" },
      { of: reviewOf(times), than: showOf(times), figure: "wall", goal: { atMost: 1 } },
      { of: reviewOf(times), than: showOf(times), figure: "cpu" },
      { of: reviewOf(times), than: showOf(times), figure: "rss" },
    ]),
    {
      of: reviewOf(MAX_REPETITIONS),
      figure: "cpu",
      goal: { atMost: 3 },
      limit:
        "a fifth of it is the start of Node.js and tsx, a tenth V8's threads for compilation and garbage; the rest is spread, no function has more than 5 %",
    },
    { of: reviewOf(MAX_REPETITIONS), figure: "rss", goal: { atMost: 300 } },
    // Linear: twice the size takes at most twice the time.
    ...DOUBLED.map(([one, two]): Comparison => {
      return { of: largeReviewOf(two), than: largeReviewOf(one), figure: "cpu", goal: { atMost: 2 } };
    }),
  ],
  measure,
};

async function measure(bench: Bench): Promise<Measured> {
  const toolchain = await terraformToolchain();
  const synthesized = await synthesize(STACK, join(bench.folder, "synth"));
  const things: Record<string, Take> = {};
  for (const times of REPETITIONS) {
    const folder = join(bench.folder, String(times));
    const plan = await keptPlan({ synthesized, times, folder, toolchain, tell: (line) => bench.tell(line) });
    things[reviewOf(times)] = () => review(plan);
    things[showOf(times)] = () => show(plan, toolchain);
  }
  for (const plan of DOUBLED.flat()) {
    const folder = join(bench.folder, plan.name.replaceAll(" ", "-"));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "plan.json"), plan.json());
    things[largeReviewOf(plan)] = () => review({ folder, resources: 1 });
  }
  return takeTurns(bench, things);
}

/** Like `npm run review`, without npm. */
async function review({ folder, resources }: KeptPlan) {
  const plan = `${STACK}=${join(folder, "plan.json")}`;
  const args = ["--import", "tsx", "commands.ts", "review", "--out", join(folder, "review"), plan];
  return { ...(await runCommand(process.execPath, args, { cwd: projectFolder })), resources };
}

function show({ folder }: KeptPlan, { executable, env }: TerraformToolchain) {
  return runCommand(executable.path, ["show", "-json", "plan.tfplan"], { cwd: folder, env });
}
