import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_COMMENT_LENGTH, review as writeReview } from "../review/write-review";
import { SYNTH_FOLDER } from "../lib/synthesize";
import type { Review } from "@packages/plan-review/review";

/** Result of a plan's review. */
export interface Reviewed extends Pick<Review, "verdict" | "digest" | "drift"> {
  /** One line: the verdict with its counts. */
  readonly line: string;
}

export interface ReviewInput {
  readonly stack: string;
  /** Folder of review.md, review.html and review.json. */
  readonly folder: string;
  readonly planJson: string;
  readonly planFile: string;
}

/** Reviews a plan with the command of the pull request pipeline. Throws its errors. */
export function review({ stack, folder, planJson, planFile }: ReviewInput): Reviewed {
  const [line = ""] = writeReview({
    files: [`${stack}=${planJson}`],
    out: folder,
    synth: SYNTH_FOLDER,
    planFile,
    longest: DEFAULT_COMMENT_LENGTH,
  });
  const [one] = JSON.parse(readFileSync(join(folder, "review.json"), "utf8")) as [Review];
  return { verdict: one.verdict, digest: one.digest, drift: one.drift, line };
}
