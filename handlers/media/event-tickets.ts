import { createHmac, timingSafeEqual } from "node:crypto";
import type { Visibility } from "./media";

/** A media whose events are requested. */
export interface EventSource {
  readonly id: string;
  readonly visibility: Visibility;
  /** Key of its tickets; null if it has none. */
  readonly eventsKey: string | null;
}

/** Lifetime of a ticket in milliseconds. Whoever needs another asks the API for the media again. */
const TICKET_LIFETIME_MS = 3_600_000;

/**
 * Path of a media's events. Browsers request events without headers: unless the media is public, the path contains a
 * ticket that expires after an hour, and sooner if its visibility changes.
 */
export function eventsPath({ id, visibility, eventsKey }: EventSource, now = Date.now()): string {
  if (visibility === "public" || eventsKey === null) return `/events/${id}`;
  const until = String(now + TICKET_LIFETIME_MS);
  return `/events/${id}?ticket=${until}.${signature(id, until, eventsKey)}`;
}

/** Whether a caller with this ticket may see the events of a media. */
export function mayFollow(
  { id, visibility, eventsKey }: EventSource,
  ticket: string | undefined,
  now = Date.now(),
): boolean {
  if (visibility === "public") return true;
  const [, until = "", given = ""] = /^(\d{1,15})\.([\w-]{43})$/.exec(ticket ?? "") ?? [];
  if (eventsKey === null || Number(until) <= now) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(signature(id, until, eventsKey)));
}

function signature(id: string, until: string, key: string): string {
  return createHmac("sha256", key).update(`${id} ${until}`).digest("base64url");
}
