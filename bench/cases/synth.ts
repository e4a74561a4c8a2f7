import { projectFolder } from "@packages/cli-kit/paths";
import type { Benchmark } from "../case";
import { runCommand } from "../run-command";
import { takeTurns } from "../turns";

const CDKTF_SYNTH = "npm run synth";
const CDK_SYNTH_TS_NODE = "cdk synth, ts-node";
const CDK_SYNTH_TSX = "cdk synth, tsx";
/** No network requests on either side. */
const env = { CDK_DISABLE_CLI_TELEMETRY: "true", npm_config_update_notifier: "false" };

/** The complete command. */
export const benchmark: Benchmark = {
  name: "synth",
  about:
    "synth of all environments and foundations, compared with AWS CDK's synth of the first design's stack of 61 resources",
  comparisons: [
    { of: CDKTF_SYNTH, than: CDK_SYNTH_TS_NODE, figure: "wall", goal: { atMost: 0.25 } },
    { of: CDKTF_SYNTH, than: CDK_SYNTH_TS_NODE, figure: "cpu", goal: { atMost: 0.25 } },
    { of: CDKTF_SYNTH, than: CDK_SYNTH_TS_NODE, figure: "rss" },
    { of: CDKTF_SYNTH, than: CDK_SYNTH_TSX, figure: "wall", goal: { atMost: 0.75 } },
    { of: CDKTF_SYNTH, than: CDK_SYNTH_TSX, figure: "cpu", goal: { atMost: 0.75 } },
    { of: CDKTF_SYNTH, than: CDK_SYNTH_TSX, figure: "rss" },
  ],
  async measure(bench) {
    const cdk = await bench.baseline("cdk-stack");
    const synth = (...args: string[]) => runCommand("npx", ["cdk", "synth", ...args], { cwd: cdk, env });
    return takeTurns(bench, {
      [CDKTF_SYNTH]: () => runCommand("npm", ["run", "--silent", "synth"], { cwd: projectFolder, env }),
      [CDK_SYNTH_TS_NODE]: () => synth(),
      // The usual way to speed up a slow cdk synth: no type check, and no template on the terminal.
      [CDK_SYNTH_TSX]: () => synth("--quiet", "--app", "node --import tsx bin.ts"),
    });
  },
};
