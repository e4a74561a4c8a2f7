import { descriptions, type RuleDescription } from "../../policies/descriptions";
import type { EvaluatedFinding } from "../../policies/evaluate";

/** Findings as a person reads them, under the stack that they are in. */
export function report(findings: readonly EvaluatedFinding[]): string[] {
  const stacks = [...new Set(findings.map(({ stack }) => stack))];
  return stacks.flatMap((stack) => [
    stack,
    ...findings.filter((finding) => finding.stack === stack).flatMap(block),
  ]);
}

function block({ rule, address, path, finding, remedy }: EvaluatedFinding): string[] {
  return [
    `  ${address}: ${finding}`,
    `    rule   ${rule}`,
    ...describe(rule),
    `    where  ${path}`,
    `    remedy ${remedy.replaceAll("\n", "\n           ")}`,
    "",
  ];
}

/** What the rule asks for, and where to read more. */
function describe(rule: string): string[] {
  const known: Readonly<Record<string, RuleDescription | undefined>> = descriptions;
  const description = known[rule];
  if (description === undefined) return [];
  return [`    asks   ${description.sentence}`, `    source ${description.source}`];
}
