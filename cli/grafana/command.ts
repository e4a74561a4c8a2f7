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
  examples: ["prod", "prod --dry-run", "dev --out .local/dashboards"],
  positionals: { environment: positional(environmentName, "the environment") },
  options: {
    dryRun,
    out: option(path("FOLDER"), "write the dashboards' JSON to this folder, and leave Grafana alone"),
  },
  check: ({ dryRun, out }) =>
    dryRun && out !== undefined ? "--dry-run and --out exclude each other" : undefined,
  run: async (input, { steps }) => (await import("./run")).runGrafana(input, steps),
});
