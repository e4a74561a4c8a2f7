import { defineCommand } from "@packages/cli-kit/command";
import { integer, option, path, positionals, text } from "@packages/cli-kit/values";

export const review = defineCommand({
  name: "review",
  summary: "Reviews Terraform plans for whoever must approve them.",
  description: [
    "A plan is what \"terraform show -json\" writes. The stack's name is the file's (streamflow-dev.json), or the folder's",
    "of a plan.json, or stands before it (streamflow-dev=FILE). A review.json that this command wrote is accepted too: it",
    "holds no secrets, so one job may hand it to another.",
  ].join("\n"),
  examples: ["streamflow-dev=plan.json", "--link https://example.com/review.html reviews/dev/review.json"],
  positionals: {
    files: positionals(text("PLAN", "a file, or STACK=FILE"), "plans as JSON, or reviews", { min: 1 }),
  },
  options: {
    out: option(path("FOLDER"), "where review.md, review.html and review.json are written", {
      default: "review",
    }),
    synth: option(path("FOLDER"), "what npm run synth wrote: names of constructs, and whole policies", {
      default: "cdktf.out",
    }),
    link: option(text("URL"), "where the whole page will be, for the comment"),
    planFile: option(path("FILE"), "the saved plan of a single plan (default: plan.tfplan beside it)"),
    longest: option(
      integer("N", { min: 1_000, max: 65_536 }),
      "most characters of review.md, from 1000 to 65536, which is what GitHub takes",
      { default: "65000" },
    ),
  },
  check: ({ files, planFile }) =>
    planFile !== undefined && files.length !== 1
      ? `--plan-file is of one plan, got ${files.length}: keep plan.tfplan beside each plan.json`
      : undefined,
  run: async (input, { print }) => (await import("./write-review")).review(input).forEach(print),
});
