/** Text within Markdown that GitHub shows as it is: no markup, no mention of anybody, no reference to an issue. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]<>|~]/g, (sign) => (sign === "<" ? "&lt;" : sign === ">" ? "&gt;" : `\\${sign}`))
    .replace(/[@#](?=\w)/g, "$&\u200b");
}

/** Code within a line, whatever it holds. */
export function inlineCode(text: string): string {
  const line = oneLine(text);
  const fence = "`".repeat(longestRun(line) + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line.replaceAll("|", "\\|")}${space}${fence}`;
}

/** Lines of code, within a fence that none of them closes. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const text = lines.map(oneLine).join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

export function htmlText(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Signs that would begin a line, or turn the direction of reading, are shown as what they are. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (sign) =>
    sign === "\n" ? "⏎" : `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
