import { projectFolder } from "@packages/cli-kit/paths";
import type { Benchmark } from "../case";
import { runCommand } from "../run-command";
import { takeTurns } from "../turns";

const OURS = "npm run synth";
const DEFAULT = "cdk synth, ts-node";
const TUNED = "cdk synth, tsx";
/** Neither side asks the network for anything. */
const env = { CDK_DISABLE_CLI_TELEMETRY: "true", npm_config_update_notifier: "false" };

/** The whole command that people run. */
export const benchmark: Benchmark = {
  name: "synth",
  about:
    "synth of all environments and foundations, beside AWS CDK's of the first design's one stack with 61 resources",
  comparisons: [
    { of: OURS, than: DEFAULT, figure: "wall", goal: { atMost: 0.25 } },
    { of: OURS, than: DEFAULT, figure: "cpu", goal: { atMost: 0.25 } },
    { of: OURS, than: DEFAULT, figure: "rss" },
    { of: OURS, than: TUNED, figure: "wall", goal: { atMost: 0.75 } },
    { of: OURS, than: TUNED, figure: "cpu", goal: { atMost: 0.75 } },
    { of: OURS, than: TUNED, figure: "rss" },
  ],
  async measure(bench) {
    const cdk = await bench.baseline("cdk-stack");
    const synth = (...args: string[]) => runCommand("npx", ["cdk", "synth", ...args], { cwd: cdk, env });
    return takeTurns(bench, {
      [OURS]: () => runCommand("npm", ["run", "--silent", "synth"], { cwd: projectFolder, env }),
      [DEFAULT]: () => synth(),
      // What a project does that finds its synth slow: no type check, and no template on the terminal.
      [TUNED]: () => synth("--quiet", "--app", "node --import tsx bin.ts"),
    });
  },
};
