import { html } from "../../../packages/plan-review/html";
import { markdown } from "../../../packages/plan-review/markdown";
import { type Review, reviewOf } from "../../../packages/plan-review/review";
import { planOf, type Planted } from "./plans";

const review = (planted: Readonly<Record<string, Planted>>, stack = "streamflow-dev"): Review =>
  reviewOf(planOf(planted), { stack, prices: { date: "2026-11-23", idleMonth: () => [] } });
const text = (...reviews: Review[]) =>
  markdown(reviews, { longest: 65_536, link: "https://example.com/run" });
const queues = (many: number, planted: Planted) =>
  Object.fromEntries(Array.from({ length: many }, (_, index) => [`aws_sqs_queue.q${index}`, planted]));

test("states in one line that nothing changes", () => {
  expect(markdown([review({})], { longest: 65_536 })).toBe("`streamflow-dev`: no changes.");
});

test("starts with the verdict and its reasons", () => {
  const [head, , first] = text(review({ "aws_sqs_queue.q": { before: {} } })).split("\n");
  expect(head).toBe("### ⛔ blocked: `streamflow-dev`");
  expect(first).toBe("- ⛔ aws\\_sqs\\_queue.q is deleted, which loses its messages");
});

test("several stacks make one comment, with a table of them first", () => {
  const comment = text(
    review({}, "streamflow-dev"),
    review({ "aws_sqs_queue.q": { before: {} } }, "streamflow-prod"),
  );
  expect(comment.split("\n").slice(2, 4)).toEqual([
    "| `streamflow-dev` | ✅ no changes | no resource changes | Idle cost: 0.00 $ per month, unchanged. |",
    "| `streamflow-prod` | ⛔ blocked | 1 deleted | Idle cost: 0.00 $ per month, unchanged. |",
  ]);
});

test("fits by omitting the least important parts, names them, links the full page, and is reproducible", () => {
  const value = { policy: "x".repeat(3_000) };
  const many = review({
    ...queues(400, { before: { policy: "y" }, after: value }),
    "aws_db_instance.d": { before: { identifier: "d" } },
  });
  const comment = text(many);
  expect(comment.length).toBeLessThanOrEqual(65_536);
  expect(comment).toContain("aws\\_db\\_instance.d is deleted");
  expect(comment).toMatch(/Omitted here: .*\[the full review\]\(https:\/\/example\.com\/run\)/);
  expect(text(many)).toBe(comment);
  expect(html([many])).toContain("x".repeat(3_000));
});

test("lists every finding, grouped by kind when there are too many for one line each", () => {
  const all = review(queues(1_500, { before: { name: "a-queue-with-a-long-name" } }));
  const comment = text(all);
  expect(comment.length).toBeLessThanOrEqual(65_536);
  expect(comment).toContain("1500 of data-loss");
  for (const index of [0, 777, 1_499]) expect(comment).toMatch(new RegExp(`\\bq${index}\\b`));
});

test("fits with the first of each kind of finding, when the addresses are too many", () => {
  const names = Array.from({ length: 800 }, (_, index) => `aws_sqs_queue.${"q".repeat(100)}${index}`);
  const comment = text(review(Object.fromEntries(names.map((name) => [name, { before: {} }]))));
  expect(comment.length).toBeLessThanOrEqual(65_536);
  expect(comment).toContain("800 of data-loss");
  expect(comment).toMatch(/… 760 more/);
});

test("fails when not even the verdicts fit", () => {
  expect(() => markdown([review(queues(100, { before: {} }))], { longest: 500 })).toThrow(
    /review fewer at once/,
  );
});

const HOSTILE = "</summary><script>alert(1)</script> @everyone #1 | `code` ```\n### heading\u202e";

test("escapes hostile names and values", () => {
  const hostile = review(
    { "aws_sqs_queue.q": { before: { policy: "a" }, after: { policy: HOSTILE } } },
    HOSTILE,
  );
  const finding = {
    ...hostile,
    findings: [{ severity: "block" as const, rule: "r", title: HOSTILE, details: [HOSTILE] }],
  };
  const page = html([finding]);
  expect(page).not.toMatch(/<script|\u202e/);
  expect(page).toContain("&#60;script&#62;");
  const comment = text(finding);
  expect(comment).not.toMatch(/^### heading/m);
  expect(comment).not.toContain("\u202e");
  // Outside of code, GitHub interprets these characters.
  const outside = comment.replace(/(`{3,})[\s\S]*?\1/g, "").replace(/(`+)[\s\S]*?\1/g, "");
  expect(outside).not.toMatch(/<script|@everyone|#1\b/);
});

test("the page is self-contained, and sets its language and viewport", () => {
  const page = html([review({ "aws_sqs_queue.q": { before: {} } })]);
  expect(page).not.toMatch(/<script|<link|https?:\/\/|url\(/);
  expect(page).toContain('<html lang="en">');
  expect(page).toContain('content="width=device-width, initial-scale=1"');
});
