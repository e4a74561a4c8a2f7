/** What it does to the plan: it must not be applied, somebody must review it first, or it only informs. */
export type Severity = "block" | "review" | "info";

export const SEVERITIES: readonly Severity[] = ["block", "review", "info"];

/** What a review says of a whole plan. */
export type Verdict = "blocked" | "needs-review" | "safe" | "no-changes";

/** Something that a reviewer should know of a plan. */
export interface Finding {
  readonly severity: Severity;
  /** Of what kind: `data-loss`, `access-gained`. */
  readonly rule: string;
  /** One sentence. */
  readonly title: string;
  readonly address?: string | undefined;
  readonly details?: readonly string[] | undefined;
}

/** The worst first; of equals, as they came. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
