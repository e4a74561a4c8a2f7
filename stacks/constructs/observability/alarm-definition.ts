import type { Metric } from "./metrics";

/** An alarm: metric, threshold, severity, and its meaning for the person on call. */
export interface AlarmDefinition {
  /** One metric, or several of which the worst counts, such as one per cache node. */
  readonly metric: Metric | readonly Metric[];
  /** What is wrong, with number, unit and duration; without a full stop. */
  readonly meaning: string;
  /** What to do first, as the alarm's runbook says; without a full stop. */
  readonly first: string;
  readonly severity: Severity;
  readonly threshold: number;
  /**
   * Period of the statistic in seconds.
   * @default 60
   */
  readonly period?: number;
  /** Consecutive periods beyond the threshold before the alarm fires; one more if it fires without data. */
  readonly periods: number;
  readonly when?: "above" | "below";
  /** The alarm also fires if there are no datapoints, which is what the metric is about. */
  readonly firesWithoutData?: boolean;
  /** The alarm's metric counts as 0 while this metric is 0. */
  readonly onlyWhile?: Metric | undefined;
}

/** The metrics of an alarm, one or several. */
export function metricsOfAlarm({ metric }: Pick<AlarmDefinition, "metric">): readonly Metric[] {
  return "namespace" in metric ? [metric] : metric;
}

/** A page needs action now; a ticket needs action in working hours. */
export type Severity = "page" | "ticket";

/** The owner of the alarms, and the repository of their runbooks. */
export interface Responsible {
  readonly owner: string;
  /** `owner/name` on GitHub, where the runbooks are. */
  readonly repository: string;
}

/** Prefix of the descriptions of pages; the pagers' subscription filter uses it. */
export const PAGE_PREFIX = "Page: ";

/** An alarm's description: severity, meaning, the first thing to do, owner and the URL of its runbook. */
export function description(
  { severity, meaning, first }: Pick<AlarmDefinition, "severity" | "meaning" | "first">,
  id: string,
  { owner, repository }: Responsible,
): string {
  const runbook = `https://github.com/${repository}/blob/main/docs/runbooks/${id}.md`;
  const prefix = severity === "page" ? PAGE_PREFIX : "Ticket: ";
  return `${prefix}${meaning}. First: ${first}. Owner: ${owner}. Runbook: ${runbook}`;
}
