/** Lines of a long text that differ, in order, with their neighbours. */
export interface LineDifference {
  readonly sign: "-" | "+" | " ";
  readonly text: string;
}

/** Shortest text that is compared by lines or parts instead of as a whole. */
const LONG_TEXT = 200;
/** Characters around the part of a line that differs. */
const CONTEXT_LENGTH = 60;

/** Whether two texts are compared by lines. */
export function isLong(before: unknown, after: unknown): before is string {
  if (typeof before !== "string" || typeof after !== "string") return false;
  return (
    before.length > LONG_TEXT || after.length > LONG_TEXT || (before.includes("\n") && after.includes("\n"))
  );
}

/** The lines in which two texts differ, or the part of their only line. Takes linear time. */
export function lineDifferences(before: string, after: string): LineDifference[] {
  const [old, next] = [before.split("\n"), after.split("\n")];
  if (old.length === 1 && next.length === 1) return partOf(before, after);
  const start = commonLength(old, next, (index) => index);
  const rest = [old.slice(start), next.slice(start)] as const;
  const end = commonLength(rest[0], rest[1], (index, { length }) => length - 1 - index);
  const [left, right] = rest.map((lines) => lines.slice(0, lines.length - end));
  const [gone, made] = [only(left ?? [], right ?? []), only(right ?? [], left ?? [])];
  const context = (text: string | undefined): LineDifference[] =>
    text === undefined ? [] : [{ sign: " ", text }];
  return [
    ...context(old[start - 1]),
    ...gone.map((text) => ({ sign: "-" as const, text })),
    ...made.map((text) => ({ sign: "+" as const, text })),
    ...context(old[old.length - end]),
  ];
}

/** Number of equal items from one end. */
function commonLength(
  one: readonly string[],
  other: readonly string[],
  at: (index: number, list: readonly string[]) => number,
): number {
  const most = Math.min(one.length, other.length);
  let length = 0;
  while (length < most && one[at(length, one)] === other[at(length, other)]) length++;
  return length;
}

/** Lines of the first list that the other lacks; lines that only moved are all shown. */
function only(lines: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1);
  const left = lines.filter((line) => {
    const count = counts.get(line) ?? 0;
    if (count > 0) counts.set(line, count - 1);
    return count === 0;
  });
  return left.length === 0 && lines.length === others.length ? [...lines] : left;
}

function partOf(before: string, after: string): LineDifference[] {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const from = Math.max(0, start - CONTEXT_LENGTH);
  const part = (text: string) => {
    const to = Math.min(text.length, text.length - end + CONTEXT_LENGTH);
    return `${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
  };
  return [
    { sign: "-", text: part(before) },
    { sign: "+", text: part(after) },
  ];
}
