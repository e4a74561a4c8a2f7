import { UsageError, type ValueType } from "./values";

/** A time to restore to. */
export type Moment = Date | "latest";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** What `--to` may be. The time is compared with the clock when the command line is read. */
export const momentType: ValueType<Moment> = {
  placeholder: "TIME",
  allowed: "latest, or a time with its zone such as 2026-11-24T08:00:00Z",
  read: (text) => parseMoment(text, new Date()),
};

/** Undefined for what is no time or has no time zone. Throws a UsageError for a time that is still to come. */
export function parseMoment(text: string, now: Date): Moment | undefined {
  if (text === "latest") return text;
  const time = new Date(ISO.test(text) ? text : NaN);
  if (Number.isNaN(time.getTime())) return undefined;
  if (time > now) throw new UsageError(`--to must be a time that is over, got ${text}: it is ${iso(now)}`);
  return time;
}

/** `2026-11-24T08:00:00Z`: to the second, as the options take it. */
export function iso(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

/** How the moment is written in a command, a tag or a message. */
export function momentText(moment: Moment): string {
  return moment === "latest" ? moment : iso(moment);
}

/** `20261124-080000`: the part of a name that says when. */
export function stamp(time: Date): string {
  return iso(time).replace(/[-:Z]/g, "").replace("T", "-");
}
