import { defineCommand } from "@packages/cli-kit/command";
import { choice, flag, integer, option, positionals } from "@packages/cli-kit/values";

const DESCRIPTION = "Continues after failures and ends with a summary of all failures with their files.";

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
    changed: flag("only files that differ from the last commit, and unit tests that import them"),
  },
  run: async ({ changed }) => (await import("./run-tests")).runTests({ layers: false, changed }),
});

const LAYERS = ["unit", "services", "terraform", "emulator"] as const;

export const testStress = defineCommand({
  name: "test:stress",
  summary: "Runs layers of tests under load, and with their files in other orders.",
  description: "Finds tests that depend on timing or on each other. Takes hours.",
  examples: ["", "services --runs 1 --busy 4"],
  positionals: {
    layers: positionals(choice("LAYER", LAYERS), "layers (default: services and emulator)", { min: 0 }),
  },
  options: {
    runs: option(integer("N", { min: 1, max: 100 }), "runs of each kind", { default: "3" }),
    busy: option(integer("N", { min: 0, max: 1_000 }), "number of busy processes, each using one core", {
      default: "10",
    }),
  },
  exitsWith1When: "a run failed",
  run: async ({ layers, runs, busy }) => {
    const chosen = layers.length > 0 ? layers : (["services", "emulator"] as const);
    const scripts = chosen.map((layer) => `test:${layer}`);
    return (await import("./stress")).stress({ scripts, runs, busyProcesses: busy });
  },
});
