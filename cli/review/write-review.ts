import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { html } from "@packages/plan-review/html";
import { json } from "@packages/plan-review/json";
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
  readonly link?: string | undefined;
  readonly planFile?: string | undefined;
  /** Maximum characters of review.md. */
  readonly longest: number;
}

/** Reviews plans and writes the three files; returns one line per stack. */
export function review({ files, out, synth, link, longest, planFile }: ReviewInput): string[] {
  const reviews = files.flatMap((file) => reviewsIn(file, { synth, planFile }));
  const names = reviews.map(({ stack }) => stack);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Refusal(`${twice} is given twice: pass each stack once`);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "review.json"), json(reviews));
  writeFileSync(join(out, "review.html"), html(reviews));
  writeFileSync(join(out, "review.md"), markdown(reviews, { longest, link }));
  return reviews.map(line);
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
      ...optional({
        synthesized: code === undefined ? undefined : (JSON.parse(readFileSync(code, "utf8")) as unknown),
        planFile: planFile === undefined ? undefined : sha256(planFile),
      }),
    }),
  ];
}

const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");
