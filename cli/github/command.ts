import { existsSync, readFileSync } from "node:fs";
import { defineCommand } from "@packages/cli-kit/command";
import { flag, integer, option, path, positional, requiredOption, text } from "@packages/cli-kit/values";
import { readReviewers } from "./protection";

const ENVIRONMENT =
  "Needs the environment variables GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN, as in GitHub Actions jobs.";

/** Output folder of `npm run synth`. */
const synthFolder = (): string => process.env.CDKTF_OUTDIR ?? "cdktf.out";

const key = requiredOption(text("KEY"), "key with which a later run finds and updates it");

export const gitHubEnvironments = defineCommand({
  name: "github:environments",
  summary:
    "Prints the environments that workflows can deploy, as lines for GITHUB_OUTPUT; checks or creates their approvals.",
  description: [
    "Reads the output of npm run synth.",
    `--check and --create are about the GitHub environments of protected environments. ${ENVIRONMENT} Creating needs a`,
    "token that can administer the repository.",
  ].join(" "),
  examples: ["", "--check", "--create user:583231,team:12"],
  options: {
    check: flag("fail if deployments, or plans of pull requests, need no approval"),
    create: option(
      {
        placeholder: "REVIEWERS",
        allowed: "1 to 6 ids such as user:583231,team:12 (gh api users/LOGIN --jq .id)",
        read: (value) => readReviewers(value),
      },
      "create the GitHub environments with these reviewers",
    ),
  },
  run: async ({ check, create }, { print }) => {
    const { deliveredEnvironments, environmentLists } = await import("./environments");
    const environments = deliveredEnvironments(synthFolder());
    if (!check && create === undefined) {
      print(environmentLists(environments));
      return;
    }
    const { GitHub, gitHubOptions } = await import("./client");
    const { createProtection, protectionFaults } = await import("./protection");
    const github = new GitHub(gitHubOptions(process.env));
    if (create !== undefined) {
      const names = await createProtection(github, environments, create);
      print(names.length === 0 ? "no environment is protected" : `created or updated ${names.join(", ")}`);
    }
    const faults = await protectionFaults(github, environments);
    if (faults.length > 0) throw new Error(faults.join("\n"));
    print("approvals: every protected environment has them");
  },
});

export const gitHubEnvironment = defineCommand({
  name: "github:environment",
  summary:
    "Prints whether workflows can deploy an environment, with its region and roles, for GITHUB_OUTPUT.",
  description: "Reads the output of npm run synth.",
  examples: ["dev"],
  // any name: workflows skip environments that are not in the settings
  positionals: { environment: positional(text("ENVIRONMENT", "a name"), "the environment") },
  run: async ({ environment }, { print }) => {
    const { oneEnvironment } = await import("./environments");
    print(oneEnvironment(synthFolder(), environment));
  },
});

export const gitHubPlanned = defineCommand({
  name: "github:planned",
  summary: "Prints whether a reviewed plan changes anything, and its SHA-256, for GITHUB_OUTPUT.",
  description: [
    "Fails if the plan needs a person: a blocked one if --accept is not the start of its digest; one that needs review also",
    `if no reviewer approves jobs in the GitHub environment. ${ENVIRONMENT}`,
  ].join(" "),
  examples: [
    "--environment dev .local/plans/streamflow-dev/review.json",
    "--environment dev review.json --accept 0123456789ab",
  ],
  positionals: { review: positional(path("FILE"), "the review.json of one plan") },
  options: {
    accept: option(
      // a workflow without an input passes an empty text
      { placeholder: "DIGEST", allowed: "a text", read: (value) => value },
      "the first 8 or more digits of the digest of a plan that needs a person; empty for none",
    ),
    environment: requiredOption(text("NAME"), "the GitHub environment in which the plan is applied"),
  },
  run: async ({ review, accept, environment }, { print }) => {
    const { GitHub, gitHubOptions } = await import("./client");
    const { asksForApproval } = await import("./protection");
    const { plannedOutputs } = await import("./planned");
    const github = new GitHub(gitHubOptions(process.env));
    const consent = { accept, asksForApproval: await asksForApproval(github, environment) };
    print(plannedOutputs(readFileSync(review, "utf8"), consent));
  },
});

export const gitHubComment = defineCommand({
  name: "github:comment",
  summary: "Writes a comment on a pull request, or updates the one with the same key.",
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
  summary: "Opens or updates an issue if there is a report, and closes it otherwise.",
  description: ENVIRONMENT,
  examples: ['--key drill --title "The restore drill failed" --body .local/drills/report.md'],
  options: {
    key,
    title: requiredOption(text("TITLE"), "title of the issue"),
    body: requiredOption(
      path("FILE"),
      "the report, as Markdown; if the file does not exist, the issue is closed",
    ),
  },
  run: async ({ key, title, body }, { print }) => {
    const { GitHub, gitHubOptions } = await import("./client");
    const { keepIssue } = await import("./issue");
    const report = existsSync(body) ? { title, body: readFileSync(body, "utf8") } : undefined;
    print(`issue ${await keepIssue(new GitHub(gitHubOptions(process.env)), key, report)}`);
  },
});
