import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { defineCommand } from "@packages/cli-kit/command";
import { refuseWrongSettings, SYNTH_FOLDER } from "../lib/synthesize";

export const synth = defineCommand({
  name: "synth",
  summary: "Synthesizes every stack as Terraform JSON into cdktf.out/.",
  description:
    "CDKTF_OUTDIR selects another folder. If settings are invalid, it prints one line per mistake and writes nothing.",
  examples: [""],
  run: async (_, { print }) => {
    await refuseWrongSettings();
    // main.ts synthesizes when it is loaded, as with the cdktf command
    await import("../../main");
    const stacks = join(SYNTH_FOLDER, "stacks");
    for (const name of readdirSync(stacks)) print(relative(process.cwd(), join(stacks, name, "cdk.tf.json")));
  },
});
