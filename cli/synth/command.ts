import { defineCommand } from "@packages/cli-kit/command";

export const synth = defineCommand({
  name: "synth",
  summary: "Synthesizes every stack as Terraform JSON into cdktf.out/.",
  description: "CDKTF_OUTDIR names another folder.",
  examples: [""],
  exitsWith1When: "a setting is wrong",
  run: async () => {
    // main.ts synthesizes when it is loaded, and prints wrong settings: cdktf runs it in the same way.
    await import("../../main");
    return process.exitCode === 1 ? 1 : 0;
  },
});
