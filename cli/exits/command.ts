import { defineCommand } from "@packages/cli-kit/command";

export const exits = defineCommand({
  name: "exits",
  summary:
    "Checks whether the stacks work with cdktn instead of CDKTF, and with version 6 of the AWS provider.",
  description: "Installs both into .local/exits, checks types and compares the synthesized stacks.",
  examples: [""],
  exitsWith1When: "type errors or different stacks",
  run: async (_, { print }) => (await import("./try-exits")).tryExits(print),
});
