import { html } from "../../../packages/plan-review/html";
import { markdown } from "../../../packages/plan-review/markdown";
import { type Review, reviewOf } from "../../../packages/plan-review/review";
import { planOf, type Planted } from "./plans";

const review = (planted: Readonly<Record<string, Planted>>, stack = "streamflow-dev"): Review =>
  reviewOf(planOf(planted), { stack, prices: { date: "2026-11-23", types: [], idleMonth: () => [] } });
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
    "| `streamflow-prod` | ⛔ blocked | 1 deleted | Idle cost: 0.00 $ per month, unchanged. Not priced: 1 type. |",
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

test("lists findings from the most severe until the comment is full, and counts the others by kind", () => {
  const all = review({
    ...queues(1_500, { before: { name: "a-queue-with-a-long-name" } }),
    "aws_lb.l": { after: { internal: false } },
  });
  const comment = text(all);
  expect(comment.length).toBeLessThanOrEqual(65_536);
  const listed = comment.match(/^- ⛔ aws/gm)?.length ?? 0;
  expect(listed).toBeGreaterThan(500);
  expect(comment).toContain(`- ⛔ and ${1_500 - listed} more: ${1_500 - listed} of data-loss`);
  expect(comment).toContain("- ⚠️ and 1 more: 1 of exposure");
  expect(comment).toMatch(/Omitted here: \d+ findings, .*See \[the full review\]/);
});

test.each([1_000, 1_500, 10_000])(
  "fits into %d characters, with the verdict, whatever the plan is",
  (longest) => {
    const names = Array.from({ length: 800 }, (_, index) => `aws_sqs_queue.${"q".repeat(100)}${index}`);
    const large = review(Object.fromEntries(names.map((name) => [name, { before: {} }])));
    const comment = markdown([large], { longest, link: "https://example.com/run" });
    expect(comment.length).toBeLessThanOrEqual(longest);
    expect(comment).toMatch(/^### ⛔ blocked/);
    expect(comment).toContain("800 deleted");
    expect(comment).toMatch(/⛔ and \d+ more: \d+ of data-loss/);
  },
);

test("fits with a thousand stacks, the blocked ones first, and counts those that are left out", () => {
  const stacks = Array.from({ length: 1_000 }, (_, index) =>
    review(
      index === 999 ? { "aws_sqs_queue.q": { before: {} } } : { "aws_sqs_queue.q": { after: { name: "q" } } },
      `s${index}`,
    ),
  );
  const comment = text(...stacks);
  expect(comment.length).toBeLessThanOrEqual(65_536);
  expect(comment).toContain("### ⛔ blocked: `s999`");
  expect(comment).toMatch(/\| and \d+ more \| 1 blocked, \d+ safe/);
  expect(comment).toMatch(/Omitted here: .*\d+ stacks/);
});

test("shows the line of a long text that differs, wherever it is", () => {
  const lines = Array.from({ length: 400 }, (_, index) => `echo ${index} of the script`);
  const changed = [...lines.slice(0, 390), "curl 203.0.113.9", ...lines.slice(391)];
  const long = review({
    "aws_instance.i": { before: { user_data: lines.join("\n") }, after: { user_data: changed.join("\n") } },
  });
  for (const shown of [text(long), html([long])]) {
    expect(shown).toContain("-   echo 390 of the script");
    expect(shown).toContain("+   curl 203.0.113.9");
    expect(shown).not.toContain("echo 300 ");
  }
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
