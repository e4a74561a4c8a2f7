/** A value as text of a Markdown table cell; Terraform references become addresses. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replace(/\$\{(\w+\.\w+)\.(arn|id|resource_id)\}/g, "$1").replaceAll("|", "\\|");
}

/** A number and its noun: `1 alarm`, `13 alarms`. */
export const many = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;
