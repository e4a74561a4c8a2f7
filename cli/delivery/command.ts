import { defineCommand } from "@packages/cli-kit/command";
import {
  integer,
  matching,
  option,
  path,
  positional,
  positionals,
  requiredOption,
  text,
} from "@packages/cli-kit/values";
import { accept, outFolder, targetName, yes } from "../lib/environment";

const out = outFolder(".local/plans");

const target = positional(targetName, "an environment, or the foundation of its account");

const CREDENTIALS =
  "Credentials come from the environment, or else from the profile in the settings; those of another account than\n" +
  "the settings' are refused before anything happens.";

const TERRAFORM_CLOUD =
  "With a state in Terraform Cloud the plan is made and applied there: the saved plan names its run, the workspace has\n" +
  "its own AWS credentials, and no progress is shown. A run that was confirmed, discarded or overtaken is refused.";

const ON_SIGNAL = "Terraform ends what it began and saves its state; a second Ctrl-C loses that";

export const plan = defineCommand({
  name: "plan",
  summary: "Plans an environment, reviews the plan, and keeps both.",
  description: `${CREDENTIALS}\n\n${TERRAFORM_CLOUD}`,
  examples: ["dev", "foundation-dev"],
  positionals: { target },
  options: { out },
  onSignal: ON_SIGNAL,
  run: async (input, context) => (await import("./run")).runPlan(input, context),
});

export const deploy = defineCommand({
  name: "deploy",
  summary: "Plans, reviews, asks, applies that plan, migrates the database and calls the API.",
  description: `${CREDENTIALS}\n\n${TERRAFORM_CLOUD}`,
  examples: ["foundation-dev", "dev", `dev --plan plan.tfplan --digest ${"0123456789abcdef".repeat(4)}`],
  positionals: { target },
  options: {
    yes,
    accept,
    plan: option(path("FILE"), "apply this saved plan instead of a new one; needs --digest"),
    digest: option(
      matching("SHA256", /^[0-9a-f]{64}$/, "a SHA-256 of 64 hexadecimal digits"),
      "SHA-256 of the saved plan that was reviewed: another file is refused",
    ),
    apiUrl: option(text("URL"), "where the API answers (default: the stack's outputs url and api_stage)"),
    out,
  },
  onSignal: ON_SIGNAL,
  check: ({ plan, digest }) =>
    (plan === undefined) === (digest === undefined) ? undefined : "--plan and --digest go together",
  run: async (input, context) => (await import("./run")).runDeploy(input, context),
});

export const diff = defineCommand({
  name: "diff",
  summary: "Shows what would change, in every environment when none is named.",
  description: CREDENTIALS,
  examples: ["", "dev foundation-dev"],
  positionals: {
    targets: positionals(targetName, "environments, or foundations of their accounts", { min: 0 }),
  },
  options: { out },
  onSignal: ON_SIGNAL,
  run: async ({ targets, out }, context) => (await import("./run")).runDiff(targets, out, context),
});

export const drift = defineCommand({
  name: "drift",
  summary: "Finds what was changed outside of Terraform, and writes it to FOLDER/STACK/drift.md.",
  description: CREDENTIALS,
  examples: ["dev"],
  positionals: { target },
  options: { out },
  onSignal: ON_SIGNAL,
  run: async (input, context) => (await import("./run")).runDrift(input, context),
});

export const watch = defineCommand({
  name: "watch",
  summary: "Watches the alarms after a deployment, and rolls functions back when one begins to ring.",
  description: CREDENTIALS,
  examples: ["dev --since 2026-11-24T08:00:00Z --minutes 20"],
  positionals: { target },
  options: {
    since: requiredOption(
      {
        placeholder: "TIME",
        allowed: "a time such as 2026-11-24T08:00:00Z",
        read: (text) => (Number.isNaN(Date.parse(text)) ? undefined : new Date(text)),
      },
      "when the deployment began",
    ),
    minutes: option(integer("N", { min: 1, max: 60 }), "how long to watch, from 1 to 60", { default: "10" }),
    out,
  },
  onSignal: ON_SIGNAL,
  run: async ({ target, ...input }, context) => (await import("./run")).runWatch(target, input, context),
});
