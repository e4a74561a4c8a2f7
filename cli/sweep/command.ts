import { defineCommand } from "@packages/cli-kit/command";
import { dryRun, outFolder } from "../lib/environment";

export const sweep = defineCommand({
  name: "sweep",
  summary: "Destroys environments of pull requests that are closed, lost their label, or expired.",
  description: [
    "Asks GitHub for the pull requests whose environments have resources. Needs the environment variables GITHUB_API_URL,",
    "GITHUB_REPOSITORY and GITHUB_TOKEN, as in GitHub Actions jobs. One that can't be destroyed does not stop the others.",
  ].join("\n"),
  examples: ["", "--dry-run"],
  options: { dryRun, out: outFolder(".local/destroy") },
  onSignal: "Terraform finishes the current resources and saves its state; a second Ctrl-C loses both",
  exitsWith1When: "something of an environment is left",
  run: async (input, context) => (await import("./run")).runSweep(input, context),
});
