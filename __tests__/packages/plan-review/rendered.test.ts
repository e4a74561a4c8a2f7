import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { visibleJson } from "../../../packages/plan-review/escape";
import { markdown } from "../../../packages/plan-review/markdown";
import { readPlan } from "../../../packages/terraform/plan";
import { reviewOf } from "../../../packages/plan-review/review";
import { renderedMarkdown as rendered } from "../../support/github-markdown";
import { planOf, type Planted } from "./plans";

const LINK = "https://example.com/run";
const FOLDER = join(__dirname, "cases");

/** Elements that a comment of ours has. */
const ELEMENTS =
  /^(?:h3|p|ul|li|strong|code|pre|details|summary|sub|table|thead|tbody|tr|th|td|br|a|a href="https:\/\/example\.com\/run")$/;

/** What GitHub would turn into something else, or a reader would not see. */
function faultsOf(html: string): string[] {
  const elements = [...html.matchAll(/<\/?([^>]*)>/g)]
    .map(([, element = ""]) => element.replace(/ (?:class|align)="[^"]*"/g, ""))
    .filter((element) => !ELEMENTS.test(element));
  // GitHub looks for mentions and the like in all text that is neither code nor a link.
  const text = html
    .replace(/<(code|pre|a)\b[^>]*>[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]*>/g, "\n")
    .replace(
      /&(lt|gt|amp|quot);/g,
      (_, name: string) => ({ lt: "<", gt: ">", amp: "&", quot: '"' })[name] ?? "",
    );
  const turned =
    /[@#][\w-]+|:[a-z_+-]+:|https?:\/\/\S*|www\.\S*|\bGH-\d+|(?<![\w-])[\da-f]{7,40}(?![\w-])|&#?\w+;/gi;
  const invisible = /(?![ \n\u{fe0f}])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
  return [
    ...elements,
    ...(text.match(turned) ?? []),
    ...(html.match(invisible) ?? []).map((sign) => JSON.stringify(sign)),
  ];
}

/** Text that tries to be something else, for each place of a plan that others write. */
const HOSTILE: readonly string[] = [
  "@octocat please merge",
  "&commat;octocat &#64;octocat",
  "![x](https://evil.example/x.png)",
  "[safe](https://evil.example)",
  "https://evil.example/login www.evil.example mailto:a@b.example a@b.example",
  ":white_check_mark: safe",
  "closes #1, GH-2, owner/repository#3, 4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e",
  "</details></summary><img src=x onerror=alert(1)><script>alert(1)</script><!-- hidden",
  "`code` ``` ````\n```\n### ✅ safe\n- [ ] task",
  "a\u202eb\u200bc\u200ed\u061ce\u2066f\u00adg\u{e0041}h\u3164i\ufeffj",
  "| a | b |\n|---|---|\n~~gone~~ **bold** _it_ $x^2$",
  "1. one\n2) two\n# head\n> quote\n---\n    indented",
  "[^1]: note [ref]: https://evil.example",
  "back\\slash \\@octocat \\`x\\`",
];

/** A plan with a text at every place: keys, values, reasons, outputs, checks, import ids and names of actions. */
function planWith(text: string) {
  const key = JSON.stringify(text);
  const planted: Record<string, Planted> = {
    [`aws_s3_bucket.b[${key}]`]: { before: { bucket: text }, reason: text },
    [`aws_sqs_queue.q[${key}]`]: {
      before: { policy: "a", tags: { a: text } },
      after: { policy: text, [text]: text },
    },
    "aws_lb.l": { after: { internal: false, name: text }, importing: { id: text } },
    "aws_iam_role_policy.p": {
      after: {
        role: text,
        policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: text, Resource: text }] }),
      },
    },
    [`acme_thing.t[${key}]`]: {
      before: { [text]: 1 },
      after: { [text]: 2 },
      actions: [text],
      previous: text,
    },
  };
  return planOf(planted, {
    terraform_version: text,
    output_changes: { [text]: { actions: ["create"], before: null, after: text } },
    checks: [
      { address: { to_display: text }, status: "fail", instances: [{ problems: [{ message: text }] }] },
    ],
    action_invocations: [{ address: text, type: text }],
    resource_drift: planOf({ [`aws_sns_topic.t[${key}]`]: { before: { name: text }, after: null } })
      .resource_changes,
    [text]: 1,
  });
}

test("nothing in a comment is a mention, an image, a link that nobody wrote, or invisible", () => {
  const comments = HOSTILE.map((text) =>
    markdown([reviewOf(readPlan(JSON.stringify(planWith(text)), "plan.json"), { stack: text })], {
      longest: 65_536,
      link: LINK,
    }),
  );
  const faults = rendered(comments).map((html, index) => ({ text: HOSTILE[index], faults: faultsOf(html) }));
  expect(faults.filter(({ faults: found }) => found.length > 0)).toEqual([]);
});

test("the search for faults finds what GitHub turns into something else", () => {
  const written = [
    "@octocat",
    "![x](https://evil.example)",
    "https://evil.example",
    ":tada:",
    "a\u200bb",
    "#1",
    "&commat;o",
  ];
  expect(rendered(written).map((html) => faultsOf(html).length > 0)).toEqual(written.map(() => true));
  expect(
    faultsOf(rendered(["**bold** and `@code` of [the review](https://example.com/run)"])[0] ?? ""),
  ).toEqual([]);
});

test("the comments of all plans render to the elements that they are written with, each of them closed", () => {
  const reviews = readdirSync(FOLDER).map((file) =>
    reviewOf(readPlan(readFileSync(join(FOLDER, file)), file), { stack: "streamflow-dev" }),
  );
  const comments = reviews.map((review) => markdown([review], { longest: 65_536, link: LINK }));
  for (const [index, html] of rendered(comments).entries()) {
    expect({ comment: comments[index], faults: faultsOf(html) }).toMatchObject({ faults: [] });
    for (const name of ["details", "summary", "pre", "ul"]) {
      expect(html.split(`<${name}>`).length).toBe(html.split(`</${name}>`).length);
    }
    const blocks = comments[index]?.split("```diff").length ?? 0;
    expect(html.split('class="language-diff"').length).toBe(blocks);
  }
});

test("the JSON shows invisible characters by their code, and is parsed to the same texts", () => {
  const text = HOSTILE.find((one) => one.includes("\u202e")) ?? "";
  const review = reviewOf(readPlan(JSON.stringify(planWith(text)), "plan.json"), { stack: "s" });
  expect(visibleJson([review])).not.toMatch(/[\u202e\u200b\u3164]/);
  expect(JSON.parse(visibleJson([review]))).toEqual(JSON.parse(JSON.stringify([review])));
});
