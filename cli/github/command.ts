import { existsSync, readFileSync } from "node:fs";
import { defineCommand } from "@packages/cli-kit/command";
import { integer, option, path, positional, requiredOption, text } from "@packages/cli-kit/values";

const ENVIRONMENT =
  "GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN come from the environment, as in every job of GitHub Actions.";

/** What `npm run synth` wrote. */
const synthFolder = (): string => process.env.CDKTF_OUTDIR ?? "cdktf.out";

const key = requiredOption(text("KEY"), "identifies it, so that it is written again and not twice");

export const gitHubEnvironments = defineCommand({
  name: "github:environments",
  summary: "Prints the environments that a workflow can deploy, as a line for GITHUB_OUTPUT.",
  description: "Reads what npm run synth wrote.",
  examples: [""],
  run: async (_, { print }) => {
    const { deliveredEnvironments } = await import("./environments");
    print(`environments=${JSON.stringify(deliveredEnvironments(synthFolder()))}`);
  },
});

export const gitHubEnvironment = defineCommand({
  name: "github:environment",
  summary:
    "Prints whether a workflow can deploy an environment, with its region and roles, for GITHUB_OUTPUT.",
  description: "Reads what npm run synth wrote.",
  examples: ["dev"],
  // any name: a workflow skips an environment that the settings do not have
  positionals: { environment: positional(text("ENVIRONMENT", "a name"), "the environment") },
  run: async ({ environment }, { print }) => {
    const { oneEnvironment } = await import("./environments");
    print(oneEnvironment(synthFolder(), environment));
  },
});

export const gitHubPlanned = defineCommand({
  name: "github:planned",
  summary: "Prints whether a reviewed plan changes anything, and its SHA-256, for GITHUB_OUTPUT.",
  description: "Fails when the review blocks the plan, unless the digest of the plan begins with --accept.",
  examples: [".local/plans/streamflow-dev/review.json", "review.json --accept 0123456789ab"],
  positionals: { review: positional(path("FILE"), "the review.json of one plan") },
  options: {
    accept: option(
      // a workflow that is not told one passes an empty text
      { placeholder: "DIGEST", allowed: "a text", read: (value) => value },
      "the first 8 or more digits of the digest of a plan that the review blocks; empty: none",
    ),
  },
  run: async ({ review, accept }, { print }) => {
    const { plannedOutputs } = await import("./planned");
    print(plannedOutputs(readFileSync(review, "utf8"), accept));
  },
});

export const gitHubComment = defineCommand({
  name: "github:comment",
  summary: "Writes a comment on a pull request, in place of an earlier one with the same key.",
  description: ENVIRONMENT,
  examples: ["12 --key review --body review/review.md"],
  positionals: {
    pullRequest: positional(integer("NUMBER", { min: 1, max: 999_999_999 }), "the pull request"),
  },
  options: { key, body: requiredOption(path("FILE"), "the text, as Markdown") },
  run: async ({ pullRequest, key, body }, { print }) => {
    const { GitHub, gitHubOptions } = await import("./client");
    const { writeComment } = await import("./comment");
    const github = new GitHub(gitHubOptions(process.env));
    const text = readFileSync(body, "utf8");
    print(`comment ${await writeComment(github, pullRequest, { key, text })}`);
  },
});

export const gitHubIssue = defineCommand({
  name: "github:issue",
  summary: "Opens or updates an issue while there is a report, and closes it when there is none.",
  description: ENVIRONMENT,
  examples: ['--key drill --title "The restore drill failed" --body .local/drills/report.md'],
  options: {
    key,
    title: requiredOption(text("TITLE"), "title of the issue"),
    body: requiredOption(
      path("FILE"),
      "the report, as Markdown; the issue is closed when there is no such file",
    ),
  },
  run: async ({ key, title, body }, { print }) => {
    const { GitHub, gitHubOptions } = await import("./client");
    const { keepIssue } = await import("./issue");
    const report = existsSync(body) ? { title, body: readFileSync(body, "utf8") } : undefined;
    print(`issue ${await keepIssue(new GitHub(gitHubOptions(process.env)), key, report)}`);
  },
});
