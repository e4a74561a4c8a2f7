import { describe, describeLost } from "./access";
import { codeBlock, inlineCode, markdownText } from "./escape";
import type { Review, ReviewedChange } from "./review";
import { ACTIONS } from "./action-words";
import { byImportance, count, differenceLines, reasonsOf } from "./text";

/** Level of detail. Each level omits the least important part of the previous one. */
export interface Detail {
  /** Description of what this level omits. */
  readonly without?: string;
  /** Maximum lines of differences per change. */
  readonly lines: number;
  /** Maximum characters of a value. */
  readonly value: number;
  /** Maximum number of listed changes. */
  readonly changes: number;
  /** Maximum entries of other lists, and details of a finding. */
  readonly entries: number;
  /** List each finding; otherwise findings are grouped by kind. */
  readonly findings: boolean;
  /**
   * Maximum addresses per kind of finding when grouped.
   * @default all
   */
  readonly places?: number;
}

export function changeList(changes: readonly ReviewedChange[], detail: Detail): string[] {
  const ordered = byImportance(changes);
  const whole = ordered.filter(({ tagsOnly }) => !tagsOnly);
  const tags = ordered.filter(({ tagsOnly }) => tagsOnly);
  const shown = whole.slice(0, detail.changes);
  return [
    ...shown.map((change) => changeText(change, detail)),
    ...(whole.length > shown.length ? [`- and ${whole.length - shown.length} more`] : []),
    ...tagList(tags, detail),
  ];
}

function changeText(change: ReviewedChange, detail: Detail): string {
  const { address, construct, action, differences } = change;
  const reasons = reasonsOf(change).map(markdownText);
  const head = `- **${ACTIONS[action]}** ${inlineCode(address)}${construct === undefined ? "" : ` (${markdownText(construct)})`}`;
  const title = reasons.length === 0 ? head : `${head}: ${reasons.join("; ")}`;
  const lines = shortened(differenceLines(differences, detail.value), detail.lines);
  if (lines.length === 0) return title;
  const block = codeBlock("diff", lines);
  return `${title}\n${block.replace(/^/gm, "  ")}`;
}

/** Lists tag changes once for all resources that change only in tags. */
function tagList(changes: readonly ReviewedChange[], detail: Detail): string[] {
  const groups = new Map<string, string[]>();
  for (const { address, differences } of changes) {
    const key = differenceLines(differences, 80).join("\n");
    groups.set(key, [...(groups.get(key) ?? []), address]);
  }
  return [...groups].map(([key, addresses]) => {
    const names = shortened(addresses, Math.min(detail.entries, 400)).join(" ");
    const block = codeBlock("diff", key === "" ? ["  (no visible values)"] : key.split("\n"));
    return `- **changed** in tags only, ${count(addresses.length, "resource")}: ${inlineCode(names)}\n${block.replace(/^/gm, "  ")}`;
  });
}

export function accessList({ access: { gained, lost } }: Review, detail: Detail): string[] {
  const lines = [
    ...shortened(
      gained.map((grant) => `+ ${grant.principal} ${describe(grant)}`),
      detail.entries,
    ),
    ...shortened(
      lost.map((grant) => `- ${grant.principal} ${describeLost(grant)}`),
      detail.entries,
    ),
  ];
  return lines.length === 0 ? [] : [codeBlock("diff", lines)];
}

export function exposureList({ exposure: { gained, lost } }: Review, detail: Detail): string[] {
  return shortened(
    [
      ...gained.map(
        ({ kind, text }) => `- gained: ${markdownText(kind === "opening" ? text : `without ${text}`)}`,
      ),
      ...lost.map(
        ({ kind, text }) => `- lost: ${markdownText(kind === "opening" ? text : `now with ${text}`)}`,
      ),
    ],
    detail.entries,
  );
}

export function outputList({ outputs }: Review, detail: Detail): string[] {
  const differences = outputs.map(({ name, before, after }) => ({ path: name, before, after }));
  const lines = shortened(differenceLines(differences, Math.max(detail.value, 80)), detail.entries);
  return lines.length === 0 ? [] : [codeBlock("diff", lines)];
}

export function shortened(lines: readonly string[], most: number): string[] {
  return lines.length <= most
    ? [...lines]
    : [...lines.slice(0, most), ...(most === 0 ? [] : [`… ${lines.length - most} more`])];
}
