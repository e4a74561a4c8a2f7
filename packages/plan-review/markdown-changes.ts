import { ACTIONS } from "./action-words";
import { codeBlock, inlineCode, markdownText } from "./escape";
import type { Item } from "./markdown-sections";
import type { ReviewedChange } from "./review";
import { byImportance, count, differenceLines, reasonsOf } from "./text";

/** Characters of a value. */
const MAX_VALUE_LENGTH = 400;
/** Lines of a change. */
const MAX_LINES = 200;
/** Lines of a created or deleted resource, whose most important attributes come first; the page has all. */
const MAX_ATTRIBUTES = 6;
/** Addresses of resources that change in tags only. */
const MAX_ADDRESSES = 400;

/** Items of changed resources, by importance; those that change only in tags are grouped by their tags. */
export function changeItems(changes: readonly ReviewedChange[]): Item[] {
  const ordered = byImportance(changes);
  const whole = ordered.filter(({ tagsOnly }) => !tagsOnly);
  return [...whole.map(changeItem), ...tagItems(ordered.filter(({ tagsOnly }) => tagsOnly))];
}

/** A code block of diff lines inside of a list item. */
export function differenceBlock(lines: readonly string[]): string {
  return codeBlock("diff", lines);
}

function changeItem(change: ReviewedChange): Item {
  const { address, construct, action, differences, replacedBy } = change;
  const reasons = reasonsOf(change).map(markdownText);
  const name = construct === undefined ? "" : ` (${markdownText(construct)})`;
  const head = `- **${ACTIONS[action]}** ${inlineCode(address)}${name}`;
  const short = reasons.length === 0 ? head : `${head}: ${reasons.join("; ")}`;
  const isWhole = action === "create" || action === "delete" || action === "forget";
  const all = differenceLines(differences, isWhole ? 120 : MAX_VALUE_LENGTH, replacedBy);
  const lines = shortened(all, isWhole ? MAX_ATTRIBUTES : MAX_LINES);
  return lines.length === 0 ? { short } : { short, long: `${short}\n${indented(differenceBlock(lines))}` };
}

/** Lists tag changes once for all resources that change only in tags. */
function tagItems(changes: readonly ReviewedChange[]): Item[] {
  const groups = new Map<string, string[]>();
  for (const { address, differences } of changes) {
    const key = differenceLines(differences, 80).join("\n");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [address]);
    else group.push(address);
  }
  return [...groups].map(([key, addresses]) => {
    const short = `- **changed** in tags only, ${count(addresses.length, "resource")}`;
    const names = shortened(addresses, MAX_ADDRESSES).join(" ");
    const block = differenceBlock(key === "" ? ["  (no visible values)"] : key.split("\n"));
    return { short, long: `${short}: ${inlineCode(names)}\n${indented(block)}` };
  });
}

const indented = (block: string): string => block.replace(/^/gm, "  ");

function shortened(lines: readonly string[], most: number): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), `… ${lines.length - most} more`];
}
