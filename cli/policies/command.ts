import { defineCommand } from "@packages/cli-kit/command";
import { flag } from "@packages/cli-kit/values";
import { synthesizeAll } from "../lib/synthesize";

export const policies = defineCommand({
  name: "policies",
  summary: "Synthesizes, and checks every stack against the policies.",
  examples: ["", "--accept"],
  options: {
    accept: flag("record the resources that hold data as they are now, unless data would be lost"),
    acceptDataLoss: flag("record them even if an apply would destroy data"),
  },
  exitsWith1When: "a stack violates a policy",
  run: async ({ accept, acceptDataLoss }, { print }) => {
    await synthesizeAll();
    return (await import("./check-policies")).checkPolicies({ accept, acceptDataLoss, print });
  },
});
