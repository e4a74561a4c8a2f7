import { describe, describeLost } from "./access";
import { type CostChange, notPricedText, signed } from "./cost";
import { cellCode, codeBlock, inlineCode, markdownText } from "./escape";
import type { Finding, Verdict } from "./finding";
import { changeItems, differenceBlock } from "./markdown-changes";
import { fill, frameLength, type Section } from "./markdown-sections";
import type { Review } from "./review";
import { count, countsText, differenceLines, SEVERITY_LABELS, VERDICT_LABELS } from "./text";

export interface MarkdownOptions {
  /** Maximum characters of the comment. */
  readonly longest: number;
  /** URL of the full review. */
  readonly link?: string | undefined;
  /** Stacks whose plan failed. */
  readonly failed?: readonly string[];
  /** Commit of the plans. */
  readonly commit?: string | undefined;
}

/** Details of a finding. */
const MAX_DETAILS = 12;
/** Characters of a value. */
const MAX_VALUE_LENGTH = 400;
/** Share of the comment for the heads of stacks; what does not fit is counted. */
const HEADS_SHARE = 0.6;
/** Share of the comment for the names of stacks whose plan failed. */
const FAILURES_SHARE = 0.1;

/**
 * One GitHub comment for all stacks. It always fits: the verdicts come first, then the rest from the most important
 * until the comment is full, with the number of what is left out.
 */
export function markdown(reviews: readonly Review[], options: MarkdownOptions): string {
  const { longest, link, failed = [], commit } = options;
  const failures = failedPlans(failed, longest * FAILURES_SHARE);
  const of = commit === undefined ? "" : `Commit ${inlineCode(commit)}.`;
  const whole = link === undefined ? "the full review, `review.html`" : `[the full review](${link})`;
  const heads = headsThatFit(reviews, longest * HEADS_SHARE);
  const [first = ""] = heads.map(({ text }) => text);
  const overviewText = reviews.length > 1 ? overview(reviews, longest * (1 - HEADS_SHARE) * 0.5) : "";
  const sections = heads.map((one) => one.sections);
  const fixed = heads.reduce(
    (sum, one) => sum + lengthOf(one),
    overviewText.length + failures.length + of.length + whole.length + 200,
  );
  const filled = fill(sections, longest - fixed);
  const left = [
    ...filled.left,
    ...(heads.length < reviews.length ? [count(reviews.length - heads.length, "stack")] : []),
  ];
  const isShort = reviews.length === 1 && sections[0]?.length === 0 && failures === "" && of === "";
  if (isShort && link === undefined) return first;
  return [
    failures,
    overviewText,
    ...heads.map(({ text, counts, foot }, index) => {
      const [findings = "", ...others] = filled.texts[index] ?? [];
      return [text, findings, counts, ...others, foot].filter((part) => part !== "").join("\n\n");
    }),
    left.length > 0
      ? `Omitted here: ${left.join(", ")}. See ${whole}.`
      : link === undefined
        ? ""
        : `${whole} as a page`,
    of,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Stacks without a plan come first: what was reviewed before is not what would be applied. */
function failedPlans(stacks: readonly string[], budget: number): string {
  const lines: string[] = [];
  let left = budget;
  for (const stack of stacks) {
    const text = `### ❌ plan failed: ${inlineCode(stack)}`;
    left -= text.length + 2;
    if (left < 0) break;
    lines.push(text);
  }
  if (stacks.length === 0) return "";
  const more =
    stacks.length > lines.length ? [`… and ${stacks.length - lines.length} more plans failed.`] : [];
  return [...lines, ...more, "This commit has no plan for it: the log of the run says why."].join("\n\n");
}

interface Head {
  readonly review: Review;
  readonly sections: readonly Section[];
  readonly text: string;
  readonly counts: string;
  readonly foot: string;
}

/** Characters of a head with the frames of its sections. */
function lengthOf({ text, counts, foot, sections }: Head): number {
  const frames = sections.reduce((sum, section) => sum + frameLength(section), 0);
  return text.length + counts.length + foot.length + frames + 6;
}

/** Heads in the order of the reviews, of the worst that fit. */
function headsThatFit(reviews: readonly Review[], budget: number): Head[] {
  const worst = [...reviews].sort((one, other) => rank(one.verdict) - rank(other.verdict));
  const taken = new Map<Review, Head>();
  let left = budget;
  for (const review of worst) {
    const one = head(review);
    left -= lengthOf(one);
    if (left < 0 && taken.size > 0) break;
    taken.set(review, one);
  }
  return reviews.flatMap((review) => taken.get(review) ?? []);
}

const VERDICTS: readonly Verdict[] = ["blocked", "needs-review", "safe", "no-changes"];
const rank = (name: Verdict): number => VERDICTS.indexOf(name);

function isQuiet({ verdict: name, drift }: Review): boolean {
  return name === "no-changes" && drift.length === 0;
}

function head(review: Review): Head {
  const { stack, digest, planFile, terraform } = review;
  if (isQuiet(review))
    return { review, sections: [], text: `${inlineCode(stack)}: no changes.`, counts: "", foot: "" };
  const file = planFile === undefined ? "" : `, of its file ${inlineCode(planFile)}`;
  return {
    review,
    sections: sectionsOf(review),
    text: `### ${verdict(review)}: ${inlineCode(stack)}`,
    counts: `**${countsText(review)}.** ${money(review)}`.trimEnd(),
    foot: `<sub>Digest of the plan ${inlineCode(digest)}${file}; Terraform ${markdownText(terraform)}.</sub>`,
  };
}

function overview(reviews: readonly Review[], budget: number): string {
  const rows: string[] = [];
  let left = budget;
  for (const review of reviews) {
    const row = `| ${cellCode(review.stack)} | ${verdict(review)} | ${countsText(review)} | ${money(review)} |`;
    left -= row.length + 1;
    if (left < 0) break;
    rows.push(row);
  }
  const rest = reviews.slice(rows.length);
  const others = VERDICTS.map(
    (name) => [name, rest.filter((review) => review.verdict === name).length] as const,
  )
    .filter(([, many]) => many > 0)
    .map(([name, many]) => `${many} ${VERDICT_LABELS[name].words}`);
  return [
    "| stack | verdict | changes | idle cost |",
    "|---|---|---|---|",
    ...rows,
    ...(others.length === 0 ? [] : [`| and ${rest.length} more | ${others.join(", ")} | | |`]),
  ].join("\n");
}

const verdict = ({ verdict: name }: Review): string =>
  `${VERDICT_LABELS[name].sign} ${VERDICT_LABELS[name].words}`;

function money({ cost }: Review): string {
  if (cost === undefined) return "";
  return [total(cost), notPricedText(cost)].filter((part) => part !== "").join(" ");
}

function total({ before, after, items, pricesOf, unpriced }: CostChange): string {
  if (unpriced !== undefined) return "Total cost unknown.";
  if (items.length === 0) return `Idle cost: ${after.toFixed(2)} $ per month, unchanged.`;
  return `Idle cost: ${after.toFixed(2)} $ per month, was ${before.toFixed(2)} $ (${signed(after - before)} $; list prices of ${pricesOf}).`;
}

/** The parts of a stack's review in the order of the comment. */
function sectionsOf(review: Review): Section[] {
  const { changes, drift, access, exposure, outputs } = review;
  return [
    findingSection(review.findings),
    {
      name: "change",
      title: `Changes: ${count(changes.length, "resource")}`,
      priority: 4,
      items: changeItems(changes),
    },
    {
      name: "permission",
      title: `Permissions: ${access.gained.length} gained, ${access.lost.length} lost`,
      priority: 3,
      items: [
        ...access.gained.map((grant) => ({ short: `+ ${grant.principal} ${describe(grant)}` })),
        ...access.lost.map((grant) => ({ short: `- ${grant.principal} ${describeLost(grant)}` })),
      ],
      wrap: (lines) => codeBlock("diff", lines),
    },
    {
      name: "exposure",
      title: `Internet exposure: ${exposure.gained.length} gained, ${exposure.lost.length} lost`,
      priority: 2,
      items: [
        ...exposure.gained.map(({ kind, text }) => ({
          short: `- gained: ${markdownText(kind === "opening" ? text : `without ${text}`)}`,
        })),
        ...exposure.lost.map(({ kind, text }) => ({
          short: `- lost: ${markdownText(kind === "opening" ? text : `now with ${text}`)}`,
        })),
      ],
    },
    {
      name: "output",
      title: `Outputs: ${outputs.length}`,
      priority: 5,
      items: outputs.map(({ name, before, after }) => ({
        short: differenceBlock(differenceLines([{ path: name, before, after }], MAX_VALUE_LENGTH)),
      })),
    },
    {
      name: "change outside of Terraform",
      title: `Changed outside of Terraform: ${count(drift.length, "resource")}`,
      priority: 5,
      items: changeItems(drift),
    },
  ];
}

function findingSection(findings: readonly Finding[]): Section {
  return {
    name: "finding",
    title: undefined,
    priority: 1,
    items: findings.map(({ severity, title, details = [] }) => {
      const short = `- ${SEVERITY_LABELS[severity].sign} ${markdownText(title)}`;
      const shown = details.slice(0, MAX_DETAILS).map((line) => `  - ${markdownText(line)}`);
      const rest = details.length > MAX_DETAILS ? [`  - … ${details.length - MAX_DETAILS} more`] : [];
      return { short, long: [short, ...shown, ...rest].join("\n") };
    }),
    empty: "Nothing needs review.",
    rest: (from) => restOf(findings.slice(from)),
  };
}

/** Findings that are left out, by severity and kind: `⛔ and 412 more: 400 of data-loss, 12 of exposure`. */
function restOf(findings: readonly Finding[]): string[] {
  const bySign = new Map<string, Map<string, number>>();
  for (const { severity, rule } of findings) {
    const kinds = bySign.get(SEVERITY_LABELS[severity].sign) ?? new Map<string, number>();
    bySign.set(SEVERITY_LABELS[severity].sign, kinds.set(rule, (kinds.get(rule) ?? 0) + 1));
  }
  return [...bySign].map(([sign, kinds]) => {
    const many = [...kinds.values()].reduce((sum, one) => sum + one, 0);
    return `- ${sign} and ${many} more: ${[...kinds].map(([kind, one]) => `${one} of ${kind}`).join(", ")}`;
  });
}
