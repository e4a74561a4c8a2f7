import { defineCommand } from "@packages/cli-kit/command";
import { refuseWrongSettings } from "../lib/synthesize";

export const synth = defineCommand({
  name: "synth",
  summary: "Synthesizes every stack as Terraform JSON into cdktf.out/.",
  description:
    "CDKTF_OUTDIR selects another folder. If settings are invalid, it prints one line per mistake and writes nothing.",
  examples: [""],
  run: async () => {
    await refuseWrongSettings();
    // main.ts synthesizes when it is loaded, as with the cdktf command
    await import("../../main");
  },
});
