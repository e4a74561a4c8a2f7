import { defineCommand } from "@packages/cli-kit/command";
import { positional } from "@packages/cli-kit/values";
import { dryRun, environmentName, yes } from "../lib/environment";

export const cloud = defineCommand({
  name: "cloud",
  summary:
    "Creates an environment's workspaces in Terraform Cloud, or changes what differs from the settings.",
  description: [
    "Project, workspaces of the environment and of its foundation, execution mode, Terraform version, variables with which",
    "runs assume their roles in AWS, tags, access of teams, the notification, and the review as a run task. Nothing is",
    "deleted. The token is the one that Terraform uses: TF_TOKEN_app_terraform_io, the CLI configuration, or terraform",
    "login. It needs the right to manage workspaces, and for the run task, the right to manage run tasks.",
  ].join("\n"),
  examples: ["dev --dry-run", "dev"],
  positionals: { environment: positional(environmentName, "the environment") },
  options: { dryRun, yes },
  run: async (input, context) => (await import("./run")).runCloud(input, context),
});
