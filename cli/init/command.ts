import { defineCommand } from "@packages/cli-kit/command";
import { choice, flag, matching, option, text } from "@packages/cli-kit/values";
import { REGIONS } from "../../stacks/lib/aws-regions";
import { accountsType } from "./accounts";

export const init = defineCommand({
  name: "init",
  summary: "Writes stacks/environments.ts for your own accounts, and makes their playback keys.",
  description: [
    "Asks for what is not given. Keeps the sample's sizes; npm run synth then names whatever is still wrong, and",
    "docs/settings.md describes every setting. Environments that --accounts does not name are left out.",
  ].join("\n"),
  examples: [
    "",
    "--accounts dev=471112345678 --domain videos.example.org --repository you/streamflow --email you@example.org --region eu-west-1",
  ],
  options: {
    accounts: option(accountsType, "environments of the sample and the AWS account of each"),
    domain: option(text("DOMAIN"), "domain of prod; the others are below it, such as dev.DOMAIN"),
    zone: option(
      matching("ID", /^Z[A-Z0-9]+$/, "the id of a Route 53 zone, such as Z0123456789ABCDEFGHIJ"),
      "hosted zone of the domain (default: none, pages have CloudFront's names)",
    ),
    repository: option(
      matching("OWNER/NAME", /^[\w.-]+\/[\w.-]+$/, "owner/name of a GitHub repository"),
      "your repository on GitHub, whose workflows may deploy",
    ),
    email: option(
      matching("EMAIL", /^[^@\s]+@[^@\s]+$/, "an e-mail address"),
      "who gets alarms and budget warnings",
    ),
    region: option(choice("REGION", REGIONS), "AWS region (default us-east-1)"),
    terraformCloud: option(text("ORGANIZATION"), "keep the state in Terraform Cloud instead of S3"),
    force: flag("replace settings that are not the sample any more"),
  },
  run: async (input, context) => (await import("./run")).runInit(input, context),
});
