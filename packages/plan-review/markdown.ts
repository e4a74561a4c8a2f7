import { signed } from "./cost";
import { inlineCode, markdownText } from "./escape";
import type { Finding } from "./finding";
import { accessList, changeList, type Detail, exposureList, outputList, shortened } from "./markdown-lists";
import type { Review } from "./review";
import { count, countsText, SEVERITY_LABELS, VERDICT_LABELS } from "./text";

const STEPS: readonly Detail[] = [
  { lines: 200, value: 400, changes: Infinity, entries: Infinity, findings: true },
  { without: "long values", lines: 40, value: 120, changes: Infinity, entries: 100, findings: true },
  {
    without: "most lines of each change",
    lines: 8,
    value: 80,
    changes: Infinity,
    entries: 40,
    findings: true,
  },
  {
    without: "the changes of each resource",
    lines: 0,
    value: 0,
    changes: Infinity,
    entries: 20,
    findings: true,
  },
  { without: "most changes", lines: 0, value: 0, changes: 100, entries: 10, findings: true },
  {
    without: "nearly all changes, and details of findings",
    lines: 0,
    value: 0,
    changes: 20,
    entries: 0,
    findings: true,
  },
  {
    without: "nearly all changes; findings are grouped by kind",
    lines: 0,
    value: 0,
    changes: 5,
    entries: 0,
    findings: false,
  },
  {
    without: "nearly all changes, and most findings, which are grouped by kind",
    lines: 0,
    value: 0,
    changes: 5,
    entries: 0,
    findings: false,
    places: 40,
  },
];

export interface MarkdownOptions {
  /** Maximum characters of the comment. */
  readonly longest: number;
  /** URL of the full review. */
  readonly link?: string | undefined;
}

/**
 * One GitHub comment for all stacks. Verdicts and reasons are always included; the rest is shortened until it fits,
 * which the comment states. Throws if the verdicts don't fit.
 */
export function markdown(reviews: readonly Review[], { longest, link }: MarkdownOptions): string {
  for (const detail of STEPS) {
    const text = render(reviews, detail, link);
    if (text.length <= longest) return text;
  }
  throw new Error(
    `a review of ${count(reviews.length, "stack")} does not fit ${longest} characters: review fewer at once`,
  );
}

function render(reviews: readonly Review[], detail: Detail, link: string | undefined): string {
  const whole = link === undefined ? "the full review" : `[the full review](${link})`;
  return [
    ...(reviews.length > 1 ? [overview(reviews)] : []),
    ...reviews.map((review) => stack(review, detail)),
    ...(detail.without === undefined
      ? link === undefined
        ? []
        : [`${whole} as a page`]
      : [`Omitted here: ${detail.without}. See ${whole}.`]),
  ].join("\n\n");
}

function overview(reviews: readonly Review[]): string {
  const rows = reviews.map(
    (review) =>
      `| ${inlineCode(review.stack)} | ${verdict(review)} | ${countsText(review)} | ${money(review)} |`,
  );
  return ["| stack | verdict | changes | idle cost |", "|---|---|---|---|", ...rows].join("\n");
}

const verdict = ({ verdict: name }: Review): string =>
  `${VERDICT_LABELS[name].sign} ${VERDICT_LABELS[name].words}`;

function stack(review: Review, detail: Detail): string {
  const { stack: name, changes, drift } = review;
  if (review.verdict === "no-changes" && drift.length === 0) return `${inlineCode(name)}: no changes.`;
  return [
    `### ${verdict(review)}: ${inlineCode(name)}`,
    findings(review.findings, detail),
    `**${countsText(review)}.** ${money(review)}`,
    section(`Changes: ${count(changes.length, "resource")}`, changeList(changes, detail)),
    section(
      `Permissions: ${review.access.gained.length} gained, ${review.access.lost.length} lost`,
      accessList(review, detail),
    ),
    section(
      `Internet exposure: ${review.exposure.gained.length} gained, ${review.exposure.lost.length} lost`,
      exposureList(review, detail),
    ),
    section(`Outputs: ${review.outputs.length}`, outputList(review, detail)),
    section(`Changed outside of Terraform: ${count(drift.length, "resource")}`, changeList(drift, detail)),
    `<sub>Digest of the plan ${inlineCode(review.digest)}${review.planFile === undefined ? "" : `, of its file ${inlineCode(review.planFile)}`}; Terraform ${review.terraform}.</sub>`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function money({ cost }: Review): string {
  if (cost === undefined) return "";
  const { before, after, items, pricesOf, unpriced } = cost;
  if (unpriced !== undefined) return "Total cost unknown.";
  if (items.length === 0) return `Idle cost: ${after.toFixed(2)} $ per month, unchanged.`;
  return `Idle cost: ${after.toFixed(2)} $ per month, was ${before.toFixed(2)} $ (${signed(after - before)} $; list prices of ${pricesOf}).`;
}

function findings(all: readonly Finding[], detail: Detail): string {
  if (all.length === 0) return "Nothing needs review.";
  if (!detail.findings) return kinds(all, detail.places ?? Infinity);
  return all
    .flatMap(({ severity, title, details = [] }) => [
      `- ${SEVERITY_LABELS[severity].sign} ${markdownText(title)}`,
      ...shortened(details, Math.min(detail.entries, 12)).map((line) => `  - ${markdownText(line)}`),
    ])
    .join("\n");
}

/** Grouped findings with addresses, such as `⛔ 400 of data-loss: …`. */
function kinds(all: readonly Finding[], most: number): string {
  const keys = [...new Set(all.map(({ severity, rule }) => `${severity} ${rule}`))];
  return keys
    .map((key) => {
      const same = all.filter(({ severity, rule }) => `${severity} ${rule}` === key);
      const [first] = same;
      const places = same.flatMap(({ address, title }) => address ?? title.slice(0, 60));
      return `- ${SEVERITY_LABELS[first?.severity ?? "info"].sign} ${same.length} of ${first?.rule ?? ""}: ${inlineCode(shortened(places, most).join(" "))}`;
    })
    .join("\n");
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `<details><summary>${title}</summary>\n\n${lines.join("\n")}\n\n</details>`;
}
