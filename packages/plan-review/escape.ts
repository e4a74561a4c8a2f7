/**
 * Words with backticks, and words that GitHub turns into mentions, references, links or emoji, or that look like a commit: it does so after it
 * has read entities, but not in code.
 */
const LINKED =
  /`|[@#][\w-]|&#?\w+;|:[\w+-]+:|:\/\/|\bwww\.|\bmailto:|\bxmpp:|\bGH-\d|^[\da-f]{7,40}$|[\w.-]+\/[\w.-]+@[\da-f]{7,40}/i;

/** Words; a quoted key belongs to its address, also if it contains spaces. */
const WORDS = /(?:\["(?:[^"\\]|\\.)*"\]|[^ ])+/g;

/** Text that GitHub's Markdown shows literally: no markup, mention, link, image or reference. */
export function markdownText(text: string): string {
  return oneLine(text).replace(WORDS, (word) => (LINKED.test(word) ? inlineCode(word) : escaped(word)));
}

const ENTITIES: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };

function escaped(word: string): string {
  // A word of these signs could begin a heading or a list.
  if (/^(?:[-+]|#{1,6}|\d+[.)])$/.test(word)) return word.replace(/(.)$/, "\\$1");
  return word.replace(/[\\`*_[\]<>&|~$]/g, (sign) => ENTITIES[sign] ?? `\\${sign}`);
}

/** Inline code with any content. */
export function inlineCode(text: string): string {
  const line = oneLine(text);
  const fence = "`".repeat(longestRun(line) + 1);
  const space = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

/** Inline code in a cell of a table, which a bar would end. */
export function cellCode(text: string): string {
  return inlineCode(text).replaceAll("|", "\\|");
}

/** A code block with a fence that its content does not contain. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const text = lines.map(oneLine).join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

export function htmlText(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * Characters that are invisible, or that change the direction or place of others: controls, formats, spaces other than
 * U+0020, fillers and private characters.
 */
const INVISIBLE = /(?! )[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]/gu;

/** Shows invisible characters by their code. */
function oneLine(text: string): string {
  return text.replace(INVISIBLE, (sign) =>
    sign === "\n" ? "⏎" : `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

/** Characters up to which JSON is indented for readers. */
const MAX_INDENTED_LENGTH = 1_000_000;

/** JSON with invisible characters escaped; parsed, it has the same content. */
export function visibleJson(value: unknown): string {
  const compact = JSON.stringify(value);
  const text = compact.length > MAX_INDENTED_LENGTH ? compact : JSON.stringify(value, null, 2);
  return text.replace(INVISIBLE, (sign) => (sign === "\n" ? sign : escapedUnits(sign)));
}

/** `\u200f`, for each UTF-16 unit of a character. */
function escapedUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

function longestRun(text: string): number {
  let longest = 0;
  for (const { length } of text.match(/`+/g) ?? []) longest = Math.max(longest, length);
  return longest;
}
