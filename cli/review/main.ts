import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { html } from "@packages/plan-review/html";
import { markdown } from "@packages/plan-review/markdown";
import { readPlan } from "@packages/terraform/plan";
import { type Review, reviewOf } from "@packages/plan-review/review";
import { projectKnowledge } from "./project";
import { countsText, VERDICTS } from "@packages/plan-review/text";

/** Most characters of a comment: GitHub takes 65536, and a marker stands before it. */
export const LONGEST = 65_000;

export const USAGE = `npm run review -- [options] <plan>…

Reviews Terraform plans for whoever must approve them. A plan is what "terraform show -json" writes; the stack's name
is the file's (streamflow-dev.json), or the folder's of a plan.json, or stands before it (streamflow-dev=FILE). A
review.json that this command wrote will do too: it holds no secrets, so it may be handed from one job to another.

  --out FOLDER     where review.md, review.html and review.json go (review)
  --synth FOLDER   what npm run synth wrote (cdktf.out): tells constructs, and words of policies
  --link URL       where the whole page will be, for the comment
  --plan-file FILE the saved plan of a single plan, whose digest is told; plan.tfplan beside it is found without
  --longest N      most characters of review.md (65000; GitHub takes 65536)
`;

export interface ReviewCommand {
  readonly files: readonly string[];
  readonly out: string;
  readonly synth: string;
  readonly link?: string;
  readonly planFile?: string;
  readonly longest: number;
}

/** Reads the command line. Throws what is wrong with it. */
export function parseCommand(args: readonly string[]): ReviewCommand {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      out: { type: "string", default: "review" },
      synth: { type: "string", default: "cdktf.out" },
      link: { type: "string" },
      "plan-file": { type: "string" },
      longest: { type: "string", default: String(LONGEST) },
    },
  });
  const longest = Number(values.longest);
  if (!Number.isInteger(longest) || longest < 1_000 || longest > 65_536) {
    throw new Error(`--longest must be from 1000 to 65536 characters, got ${values.longest}`);
  }
  if (positionals.length === 0) throw new Error("name at least one plan");
  const { link, "plan-file": planFile } = values;
  if (planFile !== undefined && positionals.length !== 1) {
    throw new Error(
      `--plan-file is of one plan, got ${positionals.length}: keep plan.tfplan beside each plan.json`,
    );
  }
  return {
    files: positionals,
    out: values.out,
    synth: values.synth,
    longest,
    ...(link === undefined ? {} : { link }),
    ...(planFile === undefined ? {} : { planFile }),
  };
}

/** Reviews the plans and writes the three files; gives a line for each stack. */
export function review({ files, out, synth, link, longest, planFile }: ReviewCommand): string[] {
  const reviews = files.flatMap((file) => reviewsIn(file, synth, planFile));
  const names = reviews.map(({ stack }) => stack);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${twice} is given twice: name each stack once`);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "review.json"), JSON.stringify(reviews, null, 2));
  writeFileSync(join(out, "review.html"), html(reviews));
  writeFileSync(
    join(out, "review.md"),
    markdown(reviews, { longest, ...(link === undefined ? {} : { link }) }),
  );
  return reviews.map(line);
}

function line(one: Review): string {
  if (one.verdict === "none" && one.drift.length === 0) return `${one.stack}: no changes`;
  return `${one.stack}: ${VERDICTS[one.verdict].words}: ${countsText(one)}; digest ${one.digest}`;
}

function reviewsIn(argument: string, synth: string, given: string | undefined): Review[] {
  const [, named, path] = /^([\w-]+)=(.+)$/s.exec(argument) ?? [];
  const file = path ?? argument;
  const text = readFileSync(file, "utf8");
  if (/^\s*\[/.test(text)) return JSON.parse(text) as Review[];
  const name = basename(file, ".json");
  const stack = named ?? (name === "plan" ? basename(dirname(file)) : name);
  const code = [join(dirname(file), "cdk.tf.json"), join(synth, "stacks", stack, "cdk.tf.json")].find((one) =>
    existsSync(one),
  );
  const planFile = [given ?? join(dirname(file), "plan.tfplan")].find((one) => existsSync(one));
  return [
    reviewOf(readPlan(text, file), {
      ...projectKnowledge,
      stack,
      ...(code === undefined ? {} : { synthesized: JSON.parse(readFileSync(code, "utf8")) as unknown }),
      ...(planFile === undefined ? {} : { planFile: sha256(planFile) }),
    }),
  ];
}

const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

if (require.main === module) {
  try {
    review(parseCommand(process.argv.slice(2))).forEach((text) => console.log(text));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 1;
  }
}
