import { defineCommand } from "@packages/cli-kit/command";

const DESCRIPTION = "Goes on after a failure, and ends with a summary that names each failure with its file.";

export const test = defineCommand({
  name: "test",
  summary: "Runs every check and every layer of tests.",
  description: DESCRIPTION,
  examples: [""],
  run: async () => (await import("./run-tests")).runTests({ layers: true }),
});

export const check = defineCommand({
  name: "check",
  summary: "Runs the checks and tests that need no servers.",
  description: DESCRIPTION,
  examples: [""],
  run: async () => (await import("./run-tests")).runTests({ layers: false }),
});
