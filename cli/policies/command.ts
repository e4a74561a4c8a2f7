import { defineCommand } from "@packages/cli-kit/command";
import { flag } from "@packages/cli-kit/values";
import { synthesizeAll } from "../lib/synthesize";

export const policies = defineCommand({
  name: "policies",
  summary: "Synthesizes, and checks every stack against the policies.",
  examples: ["", "--accept"],
  options: { accept: flag("accept the addresses of stateful resources as they are now") },
  exitsWith1When: "a stack breaks a policy",
  run: async ({ accept }, { print }) => {
    await synthesizeAll();
    return (await import("./check-policies")).checkPolicies({ accept, print });
  },
});
