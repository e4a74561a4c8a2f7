type Unit = "second" | "seconds" | "minute" | "minutes" | "hour" | "hours" | "day" | "days";

/** A duration such as `"30 seconds"` or `"5 minutes"`; `"5 mins"` does not compile. */
export type Duration = `${number} ${Unit}`;

const SECONDS_PER_UNIT: Record<string, number> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

/** A duration in seconds; NaN if malformed. */
export function seconds(duration: Duration): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?) (second|minute|hour|day)s?$/.exec(duration) ?? [];
  return Number(amount) * (SECONDS_PER_UNIT[unit ?? ""] ?? NaN);
}
