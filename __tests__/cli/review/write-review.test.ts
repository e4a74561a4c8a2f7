import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

test("fails on a stack that is given twice, on no plan, and on a length that GitHub does not take", () => {
  const file = planIn("streamflow-dev");
  expect(() => review(command(file, file))).toThrow(/streamflow-dev is given twice/);
  expect(() => command()).toThrow(/missing PLAN/);
  expect(() => reviewCommand.parse(["--longest", "70000", file])).toThrow(
    /--longest must be from 1000 to 65536, got "70000"/,
  );
});
