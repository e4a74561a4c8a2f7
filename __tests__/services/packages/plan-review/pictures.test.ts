import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectKnowledge } from "../../../../cli/review/project";
import { html } from "../../../../packages/plan-review/html";
import { markdown } from "../../../../packages/plan-review/markdown";
import { type Review, reviewOf } from "../../../../packages/plan-review/review";
import { readPlan } from "../../../../packages/terraform/plan";
import { barriers } from "../../../support/accessibility";
import { type Browser, keepPicture, openBrowser } from "../../../support/browser";
import { renderedMarkdown } from "../../../support/github-markdown";

const CASES = join(__dirname, "../../../packages/plan-review/cases");
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 900 };
/** Every plan would take axe minutes. */
const EVERY_NTH = 8;

const files = readdirSync(CASES).filter((_, index) => index % EVERY_NTH === 0);
const reviews = files.map((file): Review =>
  reviewOf(readPlan(readFileSync(join(CASES, file)), file), {
    ...projectKnowledge,
    stack: file.replace(/\.json$/, ""),
  }),
);
const COMMIT = "4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e";

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser({ locale: "en-US", viewport: DESKTOP });
});

afterAll(() => browser.close());

/** Elements that are wider than the page, unless they scroll themselves; and the page itself. */
const TOO_WIDE = `[...document.querySelectorAll("body, body *")]
  .filter((element) => {
    const scrolls = element.closest("pre, table") !== null && element.tagName !== "PRE" && element.tagName !== "TABLE";
    return !scrolls && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
  })
  .map((element) => element.outerHTML.slice(0, 200))`;

async function faults(page: string, name: string): Promise<string[]> {
  const { page: tab, faults: errors } = browser;
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    for (const viewport of [PHONE, DESKTOP]) {
      await tab.emulateMedia({ colorScheme });
      await tab.setViewportSize(viewport);
      await tab.setContent(page);
      await tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
      await keepPicture(tab, `review-${name}-${colorScheme}-${viewport.width}`);
      const wide = await tab.evaluate<string[]>(TOO_WIDE);
      found.push(...wide, ...(viewport === PHONE ? await barriers(tab) : []), ...errors);
    }
  }
  return [...new Set(found)];
}

test("the page fits phones and desktops, in light and dark, without barriers and errors", async () => {
  expect(await faults(html(reviews, { failed: ["network-prod"], commit: COMMIT }), "page")).toEqual([]);
});

test("the comment fits phones and desktops as GitHub shows it, in light and dark", async () => {
  const comment = markdown(reviews, { longest: 65_536, link: "https://example.com/run", commit: COMMIT });
  const [body = ""] = renderedMarkdown([comment]);
  const style = readFileSync(require.resolve("github-markdown-css/github-markdown.css"), "utf8");
  const page =
    `<!doctype html><html lang="en"><head><title>Comment</title><meta name="viewport" content="width=device-width">` +
    `<style>${style} body { margin: 0; padding: 1rem; }</style></head>` +
    `<body class="markdown-body"><main><h1>Comment</h1><h2>Review</h2>${body}</main></body></html>`;
  // GitHub's own blocks scroll without focus.
  const ours = (await faults(page, "comment")).filter(
    (one) => !one.startsWith("scrollable-region-focusable"),
  );
  expect(ours).toEqual([]);
});

test("an element that is too wide and faint text are found", async () => {
  const page =
    `<!doctype html><html lang="en"><head><title>x</title></head><body><main><h1>x</h1>` +
    `<p style="width: 2000px">wide</p><p style="color: #999; background: #fff">faint</p></main></body></html>`;
  const found = await faults(page, "planted");
  expect(found.filter((one) => one.startsWith('<p style="width'))).toHaveLength(1);
  expect(found.filter((one) => one.startsWith("color-contrast"))).toHaveLength(1);
});
