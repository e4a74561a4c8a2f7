import { defineCommand } from "@packages/cli-kit/command";
import { flag, positional } from "@packages/cli-kit/values";
import { environmentName } from "../lib/environment";
import { refuseWrongSettings } from "../lib/synthesize";

export const compare = defineCommand({
  name: "compare",
  summary: "Compares the stacks of two environments, and shows which setting causes each difference.",
  examples: ["staging prod", "dev staging --all"],
  positionals: {
    one: positional(environmentName, "an environment"),
    other: positional(environmentName, "the environment to compare with"),
  },
  options: {
    all: flag("show all differences, not only examples"),
    json: flag("print JSON"),
  },
  exitsWith1When: "no setting explains a difference",
  run: async ({ one, other, all, json }, { print }) => {
    await refuseWrongSettings();
    const { compareEnvironments } = await import("./environments");
    const comparison = compareEnvironments(one, other);
    print(
      json
        ? JSON.stringify(comparison, null, 2)
        : (await import("./render")).render(comparison, { from: one, to: other, all }),
    );
    return comparison.unexplained.length > 0 ? 1 : 0;
  },
});
