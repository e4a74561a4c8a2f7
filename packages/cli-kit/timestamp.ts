import { UsageError, type ValueType } from "./values";

/** A time to restore to. */
export type Moment = Date | "latest";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** Value type of `--to`. Times are compared with the clock when the command line is parsed. */
export const momentType: ValueType<Moment> = {
  placeholder: "TIME",
  allowed: "latest, or a time with its zone such as 2026-11-24T08:00:00Z",
  read: (text) => parseMoment(text, new Date()),
};

/** Parses a time; undefined if it is invalid or has no time zone. Throws a UsageError if it is in the future. */
export function parseMoment(text: string, now: Date): Moment | undefined {
  if (text === "latest") return text;
  const time = new Date(ISO.test(text) ? text : NaN);
  if (Number.isNaN(time.getTime())) return undefined;
  if (time > now) throw new UsageError(`--to must be in the past, got ${text}; it is ${iso(now)}`);
  return time;
}

/** A time as ISO 8601 with seconds: `2026-11-24T08:00:00Z`. */
export function iso(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

/** A moment as text of a command, tag or message. */
export function momentText(moment: Moment): string {
  return moment === "latest" ? moment : iso(moment);
}

/** A time as part of a name: `20261124-080000`. */
export function stamp(time: Date): string {
  return iso(time).replace(/[-:Z]/g, "").replace("T", "-");
}
