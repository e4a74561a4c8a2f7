import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import type { EvaluatedFinding } from "./evaluate";

/** Public scanners of Terraform, each with the pattern of its rules' ids. */
export const SCANNERS = {
  checkov: /^CKV2?_AWS_\d+$/,
  trivy: /^AVD-AWS-\d{4}$/,
  kics: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
  regula: /^FG_R\d{5}$/,
  terrascan: /^AC_AWS_\d{4}$/,
} as const;

export type Scanner = keyof typeof SCANNERS;

/** Requirements of scanners that the stacks do not meet, for one reason, until a day. */
export interface AcceptedFinding {
  /** What the scanners require, as one sentence. */
  readonly requirement: string;
  readonly reason: string;
  /** The setting that meets the requirement with another value. */
  readonly setting?: string;
  /** Ids of the rules that require it. */
  readonly rules: Readonly<Partial<Record<Scanner, readonly string[]>>>;
  /** The resources of a stack that do not meet it. */
  readonly find: (stack: Stack) => readonly Resource[];
}

/** Where findings about accepted findings are. */
const FILE = "policies/accepted-findings.ts";

export interface AcceptanceOptions {
  /** The last day, such as 2027-11-30. */
  readonly expires: string;
  readonly today: Date;
}

/**
 * What is wrong with the list of accepted findings: one that no stack has although no setting corrects it, a rule that is
 * listed twice or has an invalid id, and the whole list after its last day.
 */
export function acceptanceFindings(
  accepted: readonly AcceptedFinding[],
  stacks: readonly Stack[],
  { expires, today }: AcceptanceOptions,
): EvaluatedFinding[] {
  const problem = (address: string, finding: string, remedy: string): EvaluatedFinding => ({
    rule: "accepted-findings-are-current",
    sentence: "An accepted finding of a scanner exists, and has been reviewed within a year.",
    source: FILE,
    stack: FILE,
    path: FILE,
    files: [FILE],
    address,
    finding,
    remedy,
  });
  const seen = new Set<string>();
  const problems = accepted.flatMap(({ requirement, setting, rules, find }) => [
    // Your own settings may meet what the committed ones do not.
    ...(setting !== undefined || stacks.some((stack) => find(stack).length > 0)
      ? []
      : [problem(requirement, "every resource meets the requirement", "remove the entry")]),
    ...idsOf(rules).flatMap(({ scanner, id }) => {
      const isRepeated = seen.has(id);
      seen.add(id);
      if (isRepeated) return [problem(id, "the rule is listed twice", "remove one of them")];
      if (SCANNERS[scanner].test(id)) return [];
      return [problem(id, `the id is none of ${scanner}'s`, "correct the id")];
    }),
  ]);
  if (today.toISOString().slice(0, 10) <= expires) return problems;
  const late = problem(FILE, `the list expired on ${expires}`, "review each entry and set a new date");
  return [...problems, late];
}

/** The ids of an entry's rules, each with its scanner. */
export function idsOf(rules: AcceptedFinding["rules"]): { readonly scanner: Scanner; readonly id: string }[] {
  return (Object.entries(rules) as [Scanner, readonly string[]][]).flatMap(([scanner, ids]) =>
    ids.map((id) => ({ scanner, id })),
  );
}
