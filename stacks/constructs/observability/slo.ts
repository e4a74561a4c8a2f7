import type { Severity } from "./alarm-definition";
import type { Metric, Metrics } from "./metrics";
import type { SloSettings } from "./settings";

/** A service level objective, with the metric math that measures it. */
export interface Objective {
  readonly name: "availability" | "latency" | "ready";
  /** Percent of events that must be good. */
  readonly percent: number;
  readonly target: string;
  /** Metrics by their id in the expressions. */
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Metric math: percent of bad events in a period. */
  readonly bad: string;
  /** Metric math: the number of events in a period. */
  readonly events: string;
  readonly minimum: number;
}

/**
 * Burn rates of the 30-day error budget that page, with their windows in seconds. Source: The Site Reliability
 * Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts". Each window is one period of a CloudWatch alarm.
 */
export const BURN_RATES = {
  fast: { rate: 14.4, long: 3_600, short: 300, spent: "2 % of the monthly error budget per hour" },
  slow: { rate: 6, long: 21_600, short: 1_800, spent: "5 % of the monthly error budget per six hours" },
} as const;

/** The workbook pages for both rates: either spends the month's budget within five days. */
export const BURN_SEVERITY: Severity = "page";

export function objectivesOf({ api, processor }: Metrics, settings: SloSettings): Objective[] {
  const { latency, ready, minimum } = settings;
  return [
    {
      name: "availability",
      percent: settings.availability,
      target: `${settings.availability} % of requests without a server error`,
      metrics: { failed: api.serverErrors, requests: api.requests },
      bad: "100 * failed / requests",
      events: "requests",
      minimum: minimum.requests,
    },
    {
      name: "latency",
      percent: latency.percent,
      target: `${latency.percent} % of requests within ${latency.milliseconds} ms`,
      metrics: {
        intime: { ...api.latency, statistic: `PR(:${latency.milliseconds})`, label: "In time (%)" },
        requests: api.requests,
      },
      bad: "100 - intime",
      events: "requests",
      minimum: minimum.requests,
    },
    {
      name: "ready",
      percent: ready.percent,
      target: `${ready.percent} % of videos ready within ${ready.milliseconds / 60_000} min of the upload`,
      metrics: {
        intime: { ...processor.ready, statistic: `PR(:${ready.milliseconds})`, label: "In time (%)" },
        videos: { ...processor.ready, statistic: "SampleCount", label: "Videos" },
      },
      bad: "100 - intime",
      events: "videos",
      minimum: minimum.videos,
    },
  ];
}
