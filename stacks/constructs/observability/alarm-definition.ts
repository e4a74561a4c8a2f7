import type { Metric } from "./metrics";

/** What somebody is told of. */
export interface AlarmDefinition {
  /** Of several the worst counts: of each node of a cache. */
  readonly metric: Metric | readonly Metric[];
  /** What it means, for whoever is told, without a full stop. */
  readonly meaning: string;
  readonly severity: Severity;
  readonly threshold: number;
  /** Seconds over which the statistic is taken; a minute when not given. */
  readonly period?: number;
  /** Periods in a row that the metric is beyond the threshold. */
  readonly periods: number;
  readonly when?: "above" | "below";
  /** Counts as nothing while this is nothing. */
  readonly onlyWhile?: Metric | undefined;
}

/** The metrics of an alarm, one or several. */
export function metricsOfAlarm({ metric }: Pick<AlarmDefinition, "metric">): readonly Metric[] {
  return "namespace" in metric ? [metric] : metric;
}

/** A page wakes somebody; a ticket waits for the morning. */
export type Severity = "page" | "ticket";

/** Who is told by alarms, and where they find what to do. */
export interface Responsible {
  readonly owner: string;
  /** `owner/name` on GitHub, where the runbooks are. */
  readonly repository: string;
}

/** Beginning of the description of a page: what pagers are sent goes by it. */
export const PAGE_PREFIX = "Page: ";

/** Description of an alarm: how urgent, what it means, whose it is, what to do. */
export function description(
  { severity, meaning }: Pick<AlarmDefinition, "severity" | "meaning">,
  id: string,
  { owner, repository }: Responsible,
): string {
  const runbook = `https://github.com/${repository}/blob/main/docs/runbooks/${id}.md`;
  return `${severity === "page" ? PAGE_PREFIX : "Ticket: "}${meaning}. Owner: ${owner}. Runbook: ${runbook}`;
}
