import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { html } from "../../../packages/plan-review/html";
import { markdown } from "../../../packages/plan-review/markdown";
import { readPlan } from "../../../packages/terraform/plan";
import { type Review, reviewOf } from "../../../packages/plan-review/review";

/** Expected result of a plan's review, from the key `//` of the plan's file. */
interface Expectation {
  /** The expected verdict in words. */
  readonly answer: string;
  readonly verdictAtLeast?: Review["verdict"];
  /** Text that the comment or the page must contain. */
  readonly mentions?: string;
  /** Texts that the comment, the page and the JSON must not contain. */
  readonly never?: readonly string[];
}

const FOLDER = join(__dirname, "cases");
const VERDICTS: readonly Review["verdict"][] = ["no-changes", "safe", "needs-review", "blocked"];

const cases = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), "utf8");
  return { file, text, expected: (JSON.parse(text) as { "//": Expectation })["//"] };
});

/** As a browser or GitHub renders it. */
const shown = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replace(/\\(.)/g, "$1");

test.each(cases)("$file: $expected.answer", ({ file, text, expected }) => {
  const review = reviewOf(readPlan(text, file), { stack: "s" });
  const [comment, page] = [markdown([review], { longest: 65_536 }), html([review])];
  const told = [comment, page, shown(comment), shown(page)];
  const { verdictAtLeast = "no-changes", mentions = "", never = [] } = expected;
  expect(VERDICTS.indexOf(review.verdict)).toBeGreaterThanOrEqual(VERDICTS.indexOf(verdictAtLeast));
  expect(told.some((one) => one.includes(mentions))).toBe(true);
  for (const all of [...told, JSON.stringify([review], null, 2)]) {
    for (const words of [...never, "undefined", "[object"]) expect(all).not.toContain(words);
  }
});
