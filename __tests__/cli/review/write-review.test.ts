import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { review as reviewCommand } from "../../../cli/review/command";
import { review } from "../../../cli/review/write-review";
import type { Review } from "../../../packages/plan-review/review";
import { planOf, synthesized } from "../../packages/plan-review/plans";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "streamflow-review-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const reviews = (): Review[] => JSON.parse(readFileSync(join(folder, "out/review.json"), "utf8")) as Review[];
const command = (...files: string[]) =>
  reviewCommand.parse(["--out", join(folder, "out"), "--synth", join(folder, "synth"), ...files]);

function planIn(stack: string): string {
  const place = join(folder, stack);
  mkdirSync(place);
  const file = join(place, "plan.json");
  writeFileSync(
    file,
    JSON.stringify(
      planOf({ "aws_sqs_queue.q": { before: { delay_seconds: 1 }, after: { delay_seconds: 2 } } }),
    ),
  );
  return file;
}

test("names the stack by the folder, finds its construct, and writes the digest of the saved plan next to it", () => {
  const file = planIn("streamflow-dev");
  const code = { "aws_sqs_queue.q": { "//": { metadata: { path: "streamflow-dev/queue/Default" } } } };
  mkdirSync(join(folder, "synth/stacks/streamflow-dev"), { recursive: true });
  writeFileSync(join(folder, "synth/stacks/streamflow-dev/cdk.tf.json"), JSON.stringify(synthesized(code)));
  writeFileSync(join(folder, "streamflow-dev/plan.tfplan"), "the saved plan");
  expect(review(command(file))).toEqual([
    expect.stringMatching(/^streamflow-dev: safe: 1 changed; digest [0-9a-f]{64}$/),
  ]);
  expect(reviews()).toMatchObject([
    {
      stack: "streamflow-dev",
      planFile: createHash("sha256").update("the saved plan").digest("hex"),
      changes: [{ construct: "queue" }],
    },
  ]);
});

test("reads the stack's name and the saved plan from the command line", () => {
  const file = planIn("somewhere");
  const saved = join(folder, "saved");
  writeFileSync(saved, "bytes");
  review(command("--plan-file", saved, `streamflow-prod=${file}`));
  expect(reviews()).toMatchObject([
    { stack: "streamflow-prod", planFile: createHash("sha256").update("bytes").digest("hex") },
  ]);
  expect(() => command("--plan-file", saved, file, file)).toThrow(/--plan-file works with one plan, got 2/);
});

test("makes one comment of reviews that other jobs wrote", () => {
  review(command(planIn("streamflow-dev")));
  const one = join(folder, "one.json");
  writeFileSync(one, JSON.stringify(reviews()));
  expect(review(command(one, planIn("streamflow-prod")))).toHaveLength(2);
  expect(reviews().map(({ stack }) => stack)).toEqual(["streamflow-dev", "streamflow-prod"]);
  expect(readFileSync(join(folder, "out/review.md"), "utf8")).toMatch(
    /`streamflow-dev`[\s\S]*`streamflow-prod`/,
  );
});

test("reviews the 120 plans of the fixtures in one run, in one comment", () => {
  const cases = join(__dirname, "../../packages/plan-review/cases");
  const files = readdirSync(cases).map((name) => join(cases, name));
  expect(review(command(...files))).toHaveLength(120);
  expect(reviews()).toHaveLength(120);
  const comment = readFileSync(join(folder, "out/review.md"), "utf8");
  expect(comment.length).toBeLessThanOrEqual(65_536);
  expect(comment).not.toMatch(/undefined|\[object/);
});

test("names the stacks whose plan failed, before the others, and the commit", () => {
  review(command(planIn("streamflow-dev")));
  const from = join(folder, "reviews");
  mkdirSync(join(from, "review-dev"), { recursive: true });
  writeFileSync(join(from, "review-dev/review.json"), JSON.stringify(reviews()));
  const sha = "4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e";
  const expected = "streamflow-dev,streamflow-staging";
  const lines = review(command("--from", from, "--expect", expected, "--commit", sha));
  expect(lines).toEqual([
    "streamflow-staging: the plan failed",
    expect.stringMatching(/^streamflow-dev: safe/),
  ]);
  const [comment, page] = ["md", "html"].map((end) =>
    readFileSync(join(folder, `out/review.${end}`), "utf8"),
  );
  expect(comment).toMatch(/^### ❌ plan failed: `streamflow-staging`[\s\S]*### ✅ safe: `streamflow-dev`/);
  expect(comment).toContain(`Commit \`${sha}\`.`);
  for (const text of [page])
    expect(text).toMatch(/streamflow-staging <span[^>]*>plan failed[\s\S]*streamflow-dev/);
});

test("writes a comment if every plan failed", () => {
  const lines = review(
    command("--from", join(folder, "none"), "--expect", "streamflow-dev", "--commit", "abc"),
  );
  expect(lines).toEqual(["streamflow-dev: the plan failed"]);
  expect(readFileSync(join(folder, "out/review.md"), "utf8")).toMatch(/plan failed: `streamflow-dev`/);
});

test.each<[string, (text: string) => Buffer]>([
  ["UTF-8 with a byte order mark", (text) => Buffer.from(`\ufeff${text}`)],
  ["UTF-16, as a shell on Windows writes it", (text) => Buffer.from(`\ufeff${text}`, "utf16le")],
  ["UTF-16 with the high byte first", (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
])("reads a plan in %s", (_, encode) => {
  const file = planIn("streamflow-dev");
  writeFileSync(file, encode(readFileSync(file, "utf8")));
  expect(review(command(file))).toEqual([expect.stringMatching(/^streamflow-dev: safe: 1 changed/)]);
});

test.each([
  ["text", "not json", /is not JSON \(.*\): pass the output of terraform show -json$/],
  ["a state", '{"format_version":"1.0","values":{}}', /is not a plan, perhaps a state/],
  ["another document", '{"a":1}', /must be a plan of format 0\.x or 1\.x, got undefined/],
  ["a list of something", "[1,2]", /is neither a plan nor a review/],
  ["a later format", '{"format_version":"2.0","resource_changes":[]}', /got 2\.0/],
  [
    "a change without actions",
    '{"format_version":"1.0","resource_changes":[{"address":"a.b"}]}',
    /resource_changes\[0\]/,
  ],
])("refuses %s in one line", (_, text, message) => {
  const file = join(folder, "wrong.json");
  writeFileSync(file, text);
  expect(() => review(command(file))).toThrow(message);
  expect(() => review(command(file))).toThrow(/^[^\n]*$/);
});

test("fails on a stack that is given twice, on no plan, and on a length that GitHub does not take", () => {
  const file = planIn("streamflow-dev");
  expect(() => review(command(file, file))).toThrow(/streamflow-dev is given twice/);
  expect(() => command()).toThrow(/missing PLAN/);
  expect(() => reviewCommand.parse(["--longest", "70000", file])).toThrow(
    /--longest must be from 1000 to 65536, got "70000"/,
  );
});
