import { defineCommand } from "@packages/cli-kit/command";
import { option, path, positional } from "@packages/cli-kit/values";
import { dryRun, environmentName } from "../lib/environment";

export const grafana = defineCommand({
  name: "grafana",
  summary: "Brings data sources and dashboards of Managed Grafana to what the deployed stack says.",
  description: [
    "They are made from the environment's dashboard in CloudWatch, found by their uids and overwritten; what else is in",
    "the workspace is left alone. The token for it is made by the AWS API and deleted at the end; it never lives longer",
    "than 15 minutes. Managed Grafana may bill it as one active user of the month.",
  ].join("\n"),
  examples: ["prod", "prod --dry-run", "dev --picture .local/dashboards"],
  positionals: { environment: positional(environmentName, "the environment") },
  options: {
    dryRun,
    out: option(path("FOLDER"), "write the dashboards' JSON to this folder, and leave Grafana alone"),
    picture: option(
      path("FOLDER"),
      "draw the synthesized dashboards with made-up data into this folder, and ask nothing of AWS",
    ),
  },
  check: ({ dryRun, out, picture }) =>
    [dryRun, out !== undefined, picture !== undefined].filter(Boolean).length > 1
      ? "--dry-run, --out and --picture exclude each other"
      : undefined,
  run: async (input, { steps }) => (await import("./run")).runGrafana(input, steps),
});
