import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { html } from "@packages/plan-review/html";
import { visibleJson } from "@packages/plan-review/escape";
import { markdown } from "@packages/plan-review/markdown";
import { readPlan, textOf } from "@packages/terraform/plan";
import { type Review, reviewOf } from "@packages/plan-review/review";
import { Refusal } from "@packages/cli-kit/refusal";
import { optional } from "../../stacks/lib/optional";
import { projectKnowledge } from "./project";
import { countsText, VERDICT_LABELS } from "@packages/plan-review/text";

/** Maximum characters of a comment: GitHub allows 65536, including our marker. */
export const DEFAULT_COMMENT_LENGTH = 65_000;

export interface ReviewInput {
  /** Output files of `terraform show -json`, or review.json files, optionally as NAME=FILE. */
  readonly files: readonly string[];
  /** Output folder of review.md, review.html and review.json. */
  readonly out: string;
  readonly synth: string;
  /** Folder with reviews of other jobs. */
  readonly from?: string | undefined;
  /** Stacks that must have a review, separated by commas. */
  readonly expect?: string | undefined;
  /** Commit of the plans. */
  readonly commit?: string | undefined;
  readonly link?: string | undefined;
  readonly planFile?: string | undefined;
  /** Maximum characters of review.md. */
  readonly longest: number;
}

/** Reviews plans and writes the three files; returns one line per stack. */
export function review(input: ReviewInput): string[] {
  const { files, from, expect, out, synth, planFile, longest, link, commit } = input;
  const all = [...files, ...(from === undefined ? [] : reviewFiles(from))];
  const reviews = all.flatMap((file) => reviewsIn(file, { synth, planFile }));
  const names = reviews.map(({ stack }) => stack);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Refusal(`${twice} is given twice: pass each stack once`);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "review.json"), visibleJson(reviews));
  const expected = expect === undefined ? [] : expect.split(",").filter((name) => name !== "");
  const failed = expected.filter((name) => !names.includes(name));
  writeFileSync(join(out, "review.html"), html(reviews, { failed, commit }));
  writeFileSync(join(out, "review.md"), markdown(reviews, { longest, link, failed, commit }));
  return [...failed.map((name) => `${name}: the plan failed`), ...reviews.map(line)];
}

/** Reviews in the folders of a folder, by name; none if it does not exist. */
function reviewFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name, "review.json"))
    .filter((file) => existsSync(file));
}

/** Reviews that this command wrote. */
function storedReviews(text: string, file: string): Review[] {
  let reviews: unknown;
  try {
    reviews = JSON.parse(text);
  } catch {
    reviews = undefined;
  }
  const isReview = (one: unknown) =>
    typeof one === "object" && one !== null && "verdict" in one && "stack" in one;
  if (Array.isArray(reviews) && reviews.every(isReview)) return reviews as Review[];
  throw new Refusal(`${file} is neither a plan nor a review: pass the output of terraform show -json`);
}

function line(one: Review): string {
  if (one.verdict === "no-changes" && one.drift.length === 0) return `${one.stack}: no changes`;
  return `${one.stack}: ${VERDICT_LABELS[one.verdict].words}: ${countsText(one)}; digest ${one.digest}`;
}

function reviewsIn(
  argument: string,
  { synth, planFile: given }: Pick<ReviewInput, "synth" | "planFile">,
): Review[] {
  const [, named, path] = /^([\w-]+)=(.+)$/s.exec(argument) ?? [];
  const file = path ?? argument;
  const text = textOf(readFileSync(file));
  if (/^\s*\[/.test(text)) return storedReviews(text, file);
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
      ...optional({
        synthesized: code === undefined ? undefined : (JSON.parse(readFileSync(code, "utf8")) as unknown),
        planFile: planFile === undefined ? undefined : sha256(planFile),
      }),
    }),
  ];
}

const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");
