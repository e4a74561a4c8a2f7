import type { Judged } from "../../policies/evaluate";

/** Findings as a person reads them, under the stack that they are in. */
export function report(findings: readonly Judged[]): string[] {
  const stacks = [...new Set(findings.map(({ stack }) => stack))];
  return stacks.flatMap((stack) => [
    stack,
    ...findings.filter((finding) => finding.stack === stack).flatMap(block),
  ]);
}

function block({ rule, address, path, what, mend }: Judged): string[] {
  return [
    `  ${address}: ${what}`,
    `    rule   ${rule}`,
    `    where  ${path}`,
    `    mend   ${mend.replaceAll("\n", "\n           ")}`,
    "",
  ];
}
