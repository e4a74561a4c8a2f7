import { describe, describeLost } from "./access";
import { codeBlock, inlineCode, markdownText } from "./escape";
import type { Review, ReviewedChange } from "./review";
import { ACTIONS } from "./action-words";
import { byImportance, count, differenceLines, reasonsOf } from "./text";

/** How much is told. Each step leaves out what the one before tells that matters least. */
export interface Detail {
  /** What this step leaves out, for whoever reads it. */
  readonly without?: string;
  /** Lines of differences of each change. */
  readonly lines: number;
  /** Longest value, in characters. */
  readonly value: number;
  /** Changes that are listed at all. */
  readonly changes: number;
  /** Entries of every other list, and details of a finding. */
  readonly entries: number;
  /** Whether each finding has a line of its own; else they are told by their kinds. */
  readonly findings: boolean;
  /** Addresses of each kind of finding, where they are told by kinds; all where it is not set. */
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

/** Tags are told once for all that change in them alone. */
function tagList(changes: readonly ReviewedChange[], detail: Detail): string[] {
  const groups = new Map<string, string[]>();
  for (const { address, differences } of changes) {
    const key = differenceLines(differences, 80).join("\n");
    groups.set(key, [...(groups.get(key) ?? []), address]);
  }
  return [...groups].map(([key, addresses]) => {
    const names = shortened(addresses, Math.min(detail.entries, 400)).join(" ");
    const block = codeBlock("diff", key === "" ? ["  (no value that is told)"] : key.split("\n"));
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
