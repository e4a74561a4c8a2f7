import { defineCommand } from "@packages/cli-kit/command";
import { choice, positionals } from "@packages/cli-kit/values";
import { DRILL_NAMES } from "./names";

export const drill = defineCommand({
  name: "drill",
  summary:
    "Rehearses data loss and recovery on this machine, and reports what was lost and how long it took.",
  description: "The report is written to .local/drills/report.md.",
  examples: ["", "database state"],
  positionals: {
    names: positionals(choice("DRILL", DRILL_NAMES), "what is lost and restored: all when none is named", {
      min: 0,
    }),
  },
  exitsWith1When: "a drill missed its objectives",
  onSignal: "the drill is broken off",
  run: async ({ names }, context) => {
    const { runDrills } = await import("./run-drills");
    return runDrills(names.length > 0 ? names : DRILL_NAMES, context);
  },
});
