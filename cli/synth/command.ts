import { defineCommand } from "@packages/cli-kit/command";
import { refuseWrongSettings } from "../lib/synthesize";

export const synth = defineCommand({
  name: "synth",
  summary: "Synthesizes every stack as Terraform JSON into cdktf.out/.",
  description:
    "CDKTF_OUTDIR names another folder. Wrong settings are told one a line, and nothing is written.",
  examples: [""],
  run: async () => {
    await refuseWrongSettings();
    // main.ts synthesizes when it is loaded: cdktf runs it in the same way
    await import("../../main");
  },
});
