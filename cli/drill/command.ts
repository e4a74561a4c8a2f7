import { defineCommand } from "@packages/cli-kit/command";
import { choice, positionals } from "@packages/cli-kit/values";
import { DRILL_NAMES } from "./names";

export const drill = defineCommand({
  name: "drill",
  summary: "Rehearses data loss and recovery on this machine, and reports loss and time.",
  description: "The report is written to .local/drills/report.md.",
  examples: ["", "database state"],
  positionals: {
    names: positionals(choice("DRILL", DRILL_NAMES), "what to rehearse (default: everything)", {
      min: 0,
    }),
  },
  exitsWith1When: "a drill missed its objectives",
  onSignal: "stopping the drill",
  run: async ({ names }, context) => {
    const { runDrills } = await import("./run-drills");
    return runDrills(names.length > 0 ? names : DRILL_NAMES, context);
  },
});
