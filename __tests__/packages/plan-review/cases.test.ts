import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectKnowledge } from "../../../cli/review/project";
import { html } from "../../../packages/plan-review/html";
import { visibleJson } from "../../../packages/plan-review/escape";
import { markdown } from "../../../packages/plan-review/markdown";
import { readPlan } from "../../../packages/terraform/plan";
import { type Review, reviewOf } from "../../../packages/plan-review/review";

/** Expected result of a plan's review. */
interface Expectation {
  /** The expected review in words. */
  readonly answer: string;
  readonly verdictAtLeast?: Review["verdict"];
  /** Text that the comment or the page must contain. */
  readonly mention?: string;
  /** Texts that the comment, the page and the JSON must not contain. */
  readonly never?: readonly string[];
  /** Why the texts may stand in code of the comment, on the page and in the JSON. */
  readonly argued?: string;
}

const FOLDER = join(__dirname, "cases");
const VERDICTS: readonly Review["verdict"][] = ["no-changes", "safe", "needs-review", "blocked"];

const expectations = JSON.parse(readFileSync(join(__dirname, "expect.json"), "utf8")) as Record<
  string,
  Expectation
>;
const cases = Object.entries(expectations).map(([file, expected]) => ({ file, expected }));

/** As a browser or GitHub renders it. */
const shown = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replace(/\\(.)/g, "$1");

const outsideOfCode = (comment: string): string =>
  comment.replace(/(`{3,})[\s\S]*?\1/g, "").replace(/(`+)[\s\S]*?\1/g, "");

test("expects a review of each of the 120 plans", () => {
  expect(Object.keys(expectations).sort()).toEqual(readdirSync(FOLDER).sort());
  expect(cases).toHaveLength(120);
});

test.each(cases)("$file: $expected.answer", ({ file, expected }) => {
  const review = reviewOf(readPlan(readFileSync(join(FOLDER, file), "utf8"), file), {
    ...projectKnowledge,
    stack: "s",
  });
  const [comment, page] = [markdown([review], { longest: 65_536 }), html([review])];
  const told = [comment, page, shown(comment), shown(page)];
  const { verdictAtLeast = "no-changes", mention = "", never = [], argued } = expected;
  expect(VERDICTS.indexOf(review.verdict)).toBeGreaterThanOrEqual(VERDICTS.indexOf(verdictAtLeast));
  expect(told.some((one) => one.includes(mention))).toBe(true);
  const all = [...told, visibleJson([review])];
  for (const text of argued === undefined ? all : [outsideOfCode(comment)]) {
    for (const words of never) expect(text).not.toContain(words);
  }
  for (const text of all) expect(text).not.toMatch(/undefined|\[object/);
});
