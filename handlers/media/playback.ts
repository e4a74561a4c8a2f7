import type { MediaDetail } from "./media";
import type { ProgressNotes, Tickets } from "./ports";
import { Problem } from "./problem";

/** Playback paths below the public URL, for clients with the cookies. */
export interface Playback {
  /** HLS master playlist. */
  readonly url: string;
  /** JPEG poster. */
  readonly poster: string;
  /** WebVTT of thumbnails. */
  readonly sprite: string;
}

export interface Ticket {
  readonly playback: Playback & {
    /** Expiry of the cookies, ISO 8601. */
    readonly expiresAt: string;
  };
  /** Values of `Set-Cookie`. */
  readonly cookies: readonly string[];
}

/** A media as a response. */
export type MediaAnswer = Omit<MediaDetail, "playbackPath"> & {
  readonly progress?: number;
  readonly playback?: Playback;
};

/** Lifetime of cookies in milliseconds: longer than nearly all videos. */
const PLAYBACK_LIFETIME_MS = 6 * 3_600_000;

/** Adds cached progress and playback paths to a media. */
export async function answered(detail: MediaDetail, notes: ProgressNotes): Promise<MediaAnswer> {
  const { playbackPath, ...media } = detail;
  if (media.status === "ready" && playbackPath !== null) {
    return { ...media, progress: 100, playback: playbackAt(playbackPath) };
  }
  if (media.status !== "processing") return media;
  const note = await notes.read(media.id);
  return note?.status === "processing" ? { ...media, progress: note.percent } : media;
}

/** Creates playback cookies for a media; throws a `Problem` if it is not ready. */
export async function ticketFor(media: MediaDetail, tickets: Tickets, now = Date.now()): Promise<Ticket> {
  const { id, status, playbackPath } = media;
  if (status !== "ready" || playbackPath === null) {
    throw new Problem(409, `the media ${id} is not ready to play: its status is ${status}`, {
      code: "not-ready",
    });
  }
  const until = now + PLAYBACK_LIFETIME_MS;
  const cookies = await tickets.cookies(id, until);
  return { playback: { ...playbackAt(playbackPath), expiresAt: new Date(until).toISOString() }, cookies };
}

function playbackAt(path: string): Playback {
  const at = (file: string): string => `/${path}${file}`;
  return { url: at("master.m3u8"), poster: at("poster.jpg"), sprite: at("sprite.vtt") };
}
