import { defineCommand } from "@packages/cli-kit/command";
import { flag } from "@packages/cli-kit/values";

const DESCRIPTION = "Goes on after a failure, and ends with a summary that names each failure with its file.";

export const test = defineCommand({
  name: "test",
  summary: "Runs every check and every layer of tests.",
  description: DESCRIPTION,
  examples: [""],
  run: async () => (await import("./run-tests")).runTests({ layers: true, changed: false }),
});

export const check = defineCommand({
  name: "check",
  summary: "Runs the checks and tests that need no servers.",
  description: DESCRIPTION,
  examples: ["", "--changed"],
  options: {
    changed: flag("only the files that differ from the last commit, and the unit tests that import them"),
  },
  run: async ({ changed }) => (await import("./run-tests")).runTests({ layers: false, changed }),
});
