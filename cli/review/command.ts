import { defineCommand } from "@packages/cli-kit/command";
import { integer, option, path, positionals, text } from "@packages/cli-kit/values";

export const review = defineCommand({
  name: "review",
  summary: "Reviews Terraform plans for approval.",
  description: [
    'A plan is the output of "terraform show -json". The stack\'s name comes from the file (streamflow-dev.json), from the',
    "folder of a plan.json, or from STACK=FILE. A review.json written by this command is accepted too: it contains no",
    "secrets, so it can be passed between jobs.",
  ].join("\n"),
  examples: ["streamflow-dev=plan.json", "--link https://example.com/review.html reviews/dev/review.json"],
  positionals: {
    files: positionals(text("PLAN", "a file, or STACK=FILE"), "plans as JSON, or reviews", { min: 0 }),
  },
  options: {
    out: option(path("FOLDER"), "folder for review.md, review.html and review.json", {
      default: "review",
    }),
    synth: option(
      path("FOLDER"),
      "output folder of npm run synth, for names of constructs and whole policies",
      {
        default: "cdktf.out",
      },
    ),
    from: option(path("FOLDER"), "folder with reviews of other jobs: every review.json in its folders"),
    expect: option(
      text("STACKS", "names separated by commas"),
      "stacks that must have a review: the comment says which plans failed",
    ),
    commit: option(text("SHA"), "commit of the plans, named in the comment"),
    link: option(text("URL"), "URL of the full review, linked in the comment"),
    planFile: option(path("FILE"), "saved plan file, for a single plan (default: plan.tfplan next to it)"),
    longest: option(
      integer("N", { min: 1_000, max: 65_536 }),
      "maximum characters of review.md, from 1000 to 65536 (GitHub's maximum)",
      { default: "65000" },
    ),
  },
  check: ({ files, from, expect, planFile }) => {
    if (files.length === 0 && from === undefined && expect === undefined) {
      return "missing PLAN: a file, or STACK=FILE";
    }
    return planFile !== undefined && files.length !== 1
      ? `--plan-file works with one plan, got ${files.length}: put plan.tfplan next to each plan.json`
      : undefined;
  },
  run: async (input, { print }) => (await import("./write-review")).review(input).forEach(print),
});
