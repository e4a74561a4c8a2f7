/** Effect on the plan: it must not be applied, needs review, or is information. */
export type Severity = "block" | "review" | "info";

export const SEVERITIES: readonly Severity[] = ["block", "review", "info"];

/** Result of a review. */
export type Verdict = "blocked" | "needs-review" | "safe" | "no-changes";

/** A finding for the reviewer of a plan. */
export interface Finding {
  readonly severity: Severity;
  /** Kind of finding, such as `data-loss` or `access-gained`. */
  readonly rule: string;
  /** One sentence. */
  readonly title: string;
  readonly address?: string | undefined;
  readonly details?: readonly string[] | undefined;
}

/** Findings by severity, otherwise in the original order. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
