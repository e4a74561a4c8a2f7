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
  "Credentials come from environment variables, or from the profile in the settings. Credentials of another account\n" +
  "than in the settings are rejected before anything happens.";

const TERRAFORM_CLOUD =
  "If Terraform runs in Terraform Cloud, the saved plan names its run, runs have AWS credentials of their own, and no\n" +
  "progress is shown. A run that was confirmed, discarded or superseded is rejected.";

const ON_SIGNAL = "Terraform finishes the current resources and saves its state; a second Ctrl-C loses both";

export const plan = defineCommand({
  name: "plan",
  summary: "Plans an environment, reviews the plan and saves both.",
  description: `${CREDENTIALS}\n\n${TERRAFORM_CLOUD}`,
  examples: ["dev", "foundation-dev"],
  positionals: { target },
  options: { out },
  onSignal: ON_SIGNAL,
  run: async (input, context) => (await import("./run")).runPlan(input, context),
});

export const deploy = defineCommand({
  name: "deploy",
  summary: "Plans, reviews, asks, applies exactly that plan, runs the migrations and calls the API.",
  description: `${CREDENTIALS}\n\n${TERRAFORM_CLOUD}`,
  examples: ["foundation-dev", "dev", `dev --plan plan.tfplan --sha256 ${"0123456789abcdef".repeat(4)}`],
  positionals: { target },
  options: {
    yes,
    accept,
    plan: option(path("FILE"), "apply this saved plan instead of a new one; needs --sha256"),
    sha256: option(
      matching("SHA256", /^[0-9a-f]{64}$/, "a SHA-256 of 64 hexadecimal digits"),
      "SHA-256 of the reviewed plan file; another file is rejected",
    ),
    apiUrl: option(text("URL"), "URL of the API (default: from the stack's outputs url and api_stage)"),
    out,
  },
  onSignal: ON_SIGNAL,
  check: ({ plan, sha256 }) =>
    (plan === undefined) === (sha256 === undefined) ? undefined : "--plan and --sha256 must be used together",
  run: async (input, context) => (await import("./run")).runDeploy(input, context),
});

export const diff = defineCommand({
  name: "diff",
  summary: "Shows what would change, by default in every environment.",
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
  summary: "Finds changes made outside of Terraform and writes them to FOLDER/STACK/drift.md.",
  description: CREDENTIALS,
  examples: ["dev"],
  positionals: { target },
  options: { out },
  onSignal: ON_SIGNAL,
  run: async (input, context) => (await import("./run")).runDrift(input, context),
});

export const watch = defineCommand({
  name: "watch",
  summary: "Watches the alarms after a deployment and rolls functions back if one fires.",
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
      "start time of the deployment",
    ),
    minutes: option(integer("N", { min: 1, max: 60 }), "minutes to watch, from 1 to 60", { default: "10" }),
    out,
  },
  onSignal: ON_SIGNAL,
  run: async ({ target, ...input }, context) => (await import("./run")).runWatch(target, input, context),
});
