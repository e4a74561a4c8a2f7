/** Minutes since Monday 00:00 UTC. `to` is after `from`, also if the window ends in the next week. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
export const MINUTES_PER_DAY = 1_440;
const MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY;

/** Parses `sun:05:00-sun:06:00`; undefined if invalid. */
export function weeklyWindow(text: string): TimeWindow | undefined {
  const [from, to] = ends(text, /^([a-z]{3}):(\d\d:\d\d)-([a-z]{3}):(\d\d:\d\d)$/);
  return from === undefined || to === undefined
    ? undefined
    : windowOf({ from, to, period: MINUTES_PER_WEEK });
}

/** Parses `03:00-04:00` as a window on Monday; undefined if invalid. */
export function dailyWindow(text: string): TimeWindow | undefined {
  const [from, to] = ends(text, /^()(\d\d:\d\d)-()(\d\d:\d\d)$/);
  return from === undefined || to === undefined ? undefined : windowOf({ from, to, period: MINUTES_PER_DAY });
}

export const minutesOf = ({ from, to }: TimeWindow): number => to - from;

/** Whether a daily window overlaps another window on any day. */
export function overlapsDaily(daily: TimeWindow, other: TimeWindow): boolean {
  const days = Array.from({ length: 16 }, (_, day) => (day - 1) * MINUTES_PER_DAY);
  return days.some((shift) => daily.from + shift < other.to && other.from < daily.to + shift);
}

function windowOf({ from, to, period }: TimeWindow & { readonly period: number }): TimeWindow {
  return { from, to: to > from ? to : to + period };
}

function ends(text: string, pattern: RegExp): (number | undefined)[] {
  const [, fromDay, from, toDay, to] = pattern.exec(text) ?? [];
  return [minute(fromDay, from), minute(toDay, to)];
}

function minute(day: string | undefined, time: string | undefined): number | undefined {
  const [hours = NaN, minutes = NaN] = (time ?? "").split(":").map(Number);
  const index = day === "" ? 0 : DAYS.indexOf(day ?? "");
  return index >= 0 && hours < 24 && minutes < 60
    ? index * MINUTES_PER_DAY + hours * 60 + minutes
    : undefined;
}
