import { defineCommand } from "@packages/cli-kit/command";

export const exits = defineCommand({
  name: "exits",
  summary: "Checks whether the stacks could leave CDKTF for cdktn, and move to the AWS provider's version 6.",
  description: "Installs both into .local/exits, checks types, and compares what is synthesized.",
  examples: [""],
  exitsWith1When: "types do not fit or stacks differ",
  run: async (_, { print }) => (await import("./try-exits")).tryExits(print),
});
