/** What a reviewer must do: not merge, look, or nothing. */
export type Severity = "stop" | "look" | "info";

export const SEVERITIES: readonly Severity[] = ["stop", "look", "info"];

/** Something that a reviewer should know of a plan. */
export interface Finding {
  readonly severity: Severity;
  /** Of what kind: `data-loss`, `access-gained`. */
  readonly rule: string;
  /** One sentence. */
  readonly title: string;
  readonly address?: string;
  readonly details?: readonly string[];
}

/** The worst first; of equals, as they came. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
