import type { EvaluatedFinding } from "../../policies/evaluate";

/** Findings as text, grouped by stack. */
export function report(findings: readonly EvaluatedFinding[]): string[] {
  const stacks = [...new Set(findings.map(({ stack }) => stack))];
  return stacks.flatMap((stack) => [
    stack,
    ...findings.filter((finding) => finding.stack === stack).flatMap(block),
  ]);
}

const INDENT = " ".repeat(4);
const LABEL_WIDTH = 11;

function block({
  rule,
  sentence,
  address,
  path,
  finding,
  remedy,
  files,
  source,
}: EvaluatedFinding): string[] {
  return [
    `  ${rule}: ${sentence}`,
    ...line("address", address),
    ...line("construct", path),
    ...line("problem", finding),
    ...line("change", remedy),
    ...line("in", files.join("\n")),
    ...line("source", source ?? ""),
    "",
  ];
}

/** A label and its text, whose further lines are indented like its first; no line for an empty text. */
function line(label: string, text: string): string[] {
  if (text === "") return [];
  const [first = "", ...more] = text.split("\n");
  return [
    `${INDENT}${label.padEnd(LABEL_WIDTH)}${first}`,
    ...more.map((one) => `${INDENT}${"".padEnd(LABEL_WIDTH)}${one}`),
  ];
}
