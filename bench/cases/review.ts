import { join } from "node:path";
import { synthesize } from "../../cli/lib/synthesize";
import { projectFolder } from "@packages/cli-kit/paths";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { TerraformToolchain } from "@packages/terraform/toolchain";
import type { Bench, Benchmark, Measured } from "../case";
import { type KeptPlan, keptPlan } from "../review/planned";
import { runCommand } from "../run-command";
import { takeTurns, type Take } from "../turns";

const STACK = "streamflow-dev";
/** Repetitions of the stack's about 200 resources; the largest plan has over 5 000 changes. */
const TIMES = [1, 25] as const;
const reviewOf = (times: number): string => `review of ${times} × ${STACK}`;
const showOf = (times: number): string => `terraform show -json, ${times} ×`;

/** Time that a pull request waits after the plan. */
export const benchmark: Benchmark = {
  name: "review",
  about:
    "the review command for a plan that creates everything, compared with terraform show -json of the plan",
  comparisons: TIMES.flatMap((times) => [
    { of: reviewOf(times), figure: "resources", unit: "" },
    { of: reviewOf(times), than: showOf(times), figure: "wall", goal: { atMost: 1 } },
    { of: reviewOf(times), than: showOf(times), figure: "cpu" },
    { of: reviewOf(times), than: showOf(times), figure: "rss" },
  ]),
  measure,
};

async function measure(bench: Bench): Promise<Measured> {
  const toolchain = await terraformToolchain();
  const synthesized = await synthesize(STACK, join(bench.folder, "synth"));
  const things: Record<string, Take> = {};
  for (const times of TIMES) {
    const folder = join(bench.folder, String(times));
    const plan = await keptPlan({ synthesized, times, folder, toolchain, tell: (line) => bench.tell(line) });
    things[reviewOf(times)] = () => review(plan);
    things[showOf(times)] = () => show(plan, toolchain);
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
