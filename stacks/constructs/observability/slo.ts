import type { Check } from "../../lib/validation";
import type { Severity } from "./alarm-definition";
import type { Metric, Metrics } from "./metrics";

/** What viewers and creators are promised, each over 30 days. */
export interface SloSettings {
  /** Requests to the API that are answered without a server error, in percent. */
  readonly availability: number;
  /** Requests that are answered in time: how many percent, in how many milliseconds. */
  readonly latency: { readonly percent: number; readonly milliseconds: number };
  /** Videos that are ready in time after their upload has arrived. */
  readonly ready: { readonly percent: number; readonly milliseconds: number };
  /** In fewer requests, or videos, than these in the longer window nobody is told: one failure would be a catastrophe. */
  readonly minimum: { readonly requests: number; readonly videos: number };
}

/** A promise, and how to find the percentage of events that break it. */
export interface Objective {
  readonly name: "availability" | "latency" | "ready";
  /** Percent of events that must be good. */
  readonly percent: number;
  readonly promise: string;
  /** By the name that the expressions give them. */
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Metric math: percent of bad events in a period. */
  readonly bad: string;
  /** Metric math: the number of events in a period. */
  readonly events: string;
  readonly minimum: number;
}

/**
 * How fast the error budget of 30 days goes, and in which windows. Source: The Site Reliability Workbook, chapter 5,
 * "Multiwindow, Multi-Burn-Rate Alerts". Each window is one period of a CloudWatch alarm.
 */
export const BURN_RATES = {
  fast: { rate: 14.4, long: 3_600, short: 300, spent: "2 % of the month's error budget within an hour" },
  slow: { rate: 6, long: 21_600, short: 1_800, spent: "5 % of the month's error budget within six hours" },
} as const;

/** The workbook pages for both: either ends the month's budget within five days. */
export const BURN_SEVERITY: Severity = "page";

export function objectivesOf({ api, processor }: Metrics, settings: SloSettings): Objective[] {
  const { latency, ready, minimum } = settings;
  return [
    {
      name: "availability",
      percent: settings.availability,
      promise: `${settings.availability} % of requests without a server error`,
      metrics: { failed: api.serverErrors, requests: api.requests },
      bad: "100 * failed / requests",
      events: "requests",
      minimum: minimum.requests,
    },
    {
      name: "latency",
      percent: latency.percent,
      promise: `${latency.percent} % of requests in ${latency.milliseconds} ms`,
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
      promise: `${ready.percent} % of videos ready in ${ready.milliseconds / 60_000} min after the upload`,
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

export function checkSlo(settings: SloSettings, check: Check): void {
  const percent = (key: string, value: number): void => {
    if (value >= 94 && value < 100) return;
    check.reject(key, value, {
      allowed: "from 94 to below 100 percent",
      why: "100 leaves no budget, and below 94 not even a failure of everything burns it 14.4 times too fast",
    });
  };
  percent("availability", settings.availability);
  for (const key of ["latency", "ready"] as const) {
    percent(`${key}.percent`, settings[key].percent);
    check.number(`${key}.milliseconds`, settings[key].milliseconds, {
      least: 1,
      most: 86_400_000,
      unit: "ms",
    });
  }
  check.number("minimum.requests", settings.minimum.requests, {
    least: 1,
    most: 1_000_000,
    unit: "requests",
  });
  check.number("minimum.videos", settings.minimum.videos, { least: 1, most: 1_000_000, unit: "videos" });
}
