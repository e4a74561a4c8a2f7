import { Refusal } from "./refusal";

/** A time to restore to. */
export type Moment = Date | "latest";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** Reads `--to`. Throws a Refusal for what is no time, has no time zone, or is still to come. */
export function parseMoment(text: string, now: Date): Moment {
  if (text === "latest") return text;
  const time = new Date(ISO.test(text) ? text : NaN);
  if (Number.isNaN(time.getTime())) {
    throw new Refusal(
      `--to must be latest, or a time with its zone such as 2026-11-24T08:00:00Z, got "${text}"`,
    );
  }
  if (time > now) throw new Refusal(`--to must be a time that is over, got ${text}: it is ${iso(now)}`);
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
