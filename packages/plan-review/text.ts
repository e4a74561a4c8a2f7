import { ACTIONS } from "./action-words";
import { resourceCostText } from "./cost";
import type { Difference } from "./difference";
import type { Severity, Verdict } from "./finding";
import { isLong, type LineDifference, lineDifferences } from "./line-difference";
import type { Review, ReviewedChange } from "./review";

/** A value on one line, with a maximum number of characters. */
export function valueText(value: unknown, longest: number): string {
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? "");
  return clipped(text, longest);
}

/** Diff lines: removed and added values; of a long text the lines that differ. */
export function differenceLines(
  differences: readonly Difference[],
  longest: number,
  replacedBy: readonly string[] = [],
): string[] {
  return differences.flatMap(({ path, before, after }) => {
    const isForcing = replacedBy.some((name) => path === name || path.startsWith(`${name}.`));
    const mark = isForcing ? "  # forces replacement" : "";
    if (isLong(before, after))
      return longTextLines(lineDifferences(before, after as string), { title: path, mark, longest });
    return [
      ...(before === undefined
        ? []
        : [`- ${path} = ${valueText(before, longest)}${after === undefined ? mark : ""}`]),
      ...(after === undefined ? [] : [`+ ${path} = ${valueText(after, longest)}${mark}`]),
    ];
  });
}

interface LongText {
  readonly title: string;
  readonly mark: string;
  /** Maximum characters of a line. */
  readonly longest: number;
}

function longTextLines(lines: readonly LineDifference[], { title, mark, longest }: LongText): string[] {
  const changed = lines.filter(({ sign }) => sign !== " ").length;
  return [
    `  ${title}: ${count(changed, "line")} differ${changed === 1 ? "s" : ""}${mark}`,
    ...lines.map(({ sign, text }) => `${sign}   ${clipped(text, longest)}`),
  ];
}

function clipped(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`;
}

/** Reasons and effects of a change: `replaced because of identifier; 12 resources depend on it; +36.50 $ per month`. */
export function reasonsOf(change: ReviewedChange): string[] {
  const { replacedBy, reason, previousAddress, importId, dependents, cost } = change;
  return [
    ...(replacedBy.length > 0 ? [`because of ${replacedBy.join(", ")}`] : []),
    ...(reason === undefined ? [] : [reason]),
    ...(previousAddress === undefined ? [] : [`was ${previousAddress}`]),
    ...(importId === undefined ? [] : [`imported from ${importId}`]),
    ...(dependents.length > 0
      ? [`${count(dependents.length, "resource")} depend${dependents.length === 1 ? "s" : ""} on it`]
      : []),
    ...(cost === undefined ? [] : [resourceCostText(cost)]),
  ];
}

/** Changes by importance: deletions first, tag changes last. */
export function byImportance(changes: readonly ReviewedChange[]): ReviewedChange[] {
  const order = ["delete", "replace", "unknown", "supersede", "forget", "update", "move", "import", "create"];
  const rank = ({ action, tagsOnly }: ReviewedChange) =>
    order.indexOf(action) + (tagsOnly ? order.length : 0);
  return [...changes].sort((one, other) => rank(one) - rank(other));
}

/** Symbol and words of a verdict or severity. */
interface Label {
  readonly sign: string;
  readonly words: string;
}

export const VERDICT_LABELS: Readonly<Record<Verdict, Label>> = {
  blocked: { sign: "⛔", words: "blocked" },
  "needs-review": { sign: "⚠️", words: "needs review" },
  safe: { sign: "✅", words: "safe" },
  "no-changes": { sign: "✅", words: "no changes" },
};

export const SEVERITY_LABELS: Readonly<Record<Severity, Label>> = {
  block: { sign: "⛔", words: "blocks the plan" },
  review: { sign: "⚠️", words: "needs review" },
  info: { sign: "✅", words: "for information" },
};

/** Counts such as `2 created, 1 replaced, 3 deleted`, without zeros. */
export function countsText({ counts, changes, invoked }: Review): string {
  const tags = changes.filter(({ tagsOnly }) => tagsOnly).length;
  const parts = [
    ...Object.entries(counts).map(([action, many]) =>
      many === 0
        ? ""
        : `${many} ${action === "forget" ? "removed from state" : ACTIONS[action as ReviewedChange["action"]]}`,
    ),
    invoked.length === 0 ? "" : `${count(invoked.length, "action")} run`,
  ].filter(Boolean);
  if (parts.length === 0) return "no resource changes";
  return `${parts.join(", ")}${tags > 0 ? ` (${tags} in tags only)` : ""}`;
}

/** `1 resource`, `2 resources` */
export function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}
