import { defineCommand } from "@packages/cli-kit/command";
import { option, path, positional } from "@packages/cli-kit/values";
import { dryRun, environmentName } from "../lib/environment";

export const grafana = defineCommand({
  name: "grafana",
  summary: "Updates the data sources and dashboards of Managed Grafana from the deployed stack.",
  description: [
    "They are generated from the environment's CloudWatch dashboard, found by uid and overwritten; everything else in",
    "the workspace stays. The token is created with the AWS API and deleted at the end; it is valid for at most",
    "15 minutes. Managed Grafana may bill it as one active user of the month.",
  ].join("\n"),
  examples: ["prod", "prod --dry-run", "dev --out .local/dashboards"],
  positionals: { environment: positional(environmentName, "the environment") },
  options: {
    dryRun,
    out: option(path("FOLDER"), "write the dashboards' JSON to this folder and don't change Grafana"),
  },
  check: ({ dryRun, out }) =>
    dryRun && out !== undefined ? "--dry-run and --out can't be combined" : undefined,
  run: async (input, { steps }) => (await import("./run")).runGrafana(input, steps),
});
