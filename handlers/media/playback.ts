import { eventsPath } from "./event-tickets";
import type { Media, MediaDetail, Status } from "./media";
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
  /** WebVTT of chapters, without cues if there are none. */
  readonly chapters: string;
  /** MP4 to keep; absent if the environment makes none. */
  readonly download?: Download;
}

export interface Download {
  readonly url: string;
  readonly sizeBytes: number;
}

export interface Ticket {
  readonly playback: Playback & {
    /** Expiry of the access, ISO 8601. */
    readonly expiresAt: string;
    /** The same access as parameters of URLs, for players in frames of other sites. */
    readonly query: string;
  };
  /** Values of `Set-Cookie`. */
  readonly cookies: readonly string[];
}

/** A media as a response to those who may see it. */
export type MediaAnswer = Omit<MediaDetail, "playbackPath" | "downloadBytes" | "shareToken" | "eventsKey"> & {
  readonly progress?: number;
  readonly playback?: Playback;
  /** Path of its events; absent when no more will come. */
  readonly events?: string;
};

/** A media as a response to its creator. */
export type OwnMedia = MediaAnswer & {
  /** Token of its link, if it is unlisted. */
  readonly shareToken?: string;
};

/** A media in a list of its creator's. */
export type OwnMediaItem = Media & { readonly events?: string };

/** Lifetime of cookies in milliseconds: longer than nearly all videos. */
const PLAYBACK_LIFETIME_MS = 6 * 3_600_000;

/** A media for those who may see it, with its progress, playback paths and the path of its events. */
export async function answered(detail: MediaDetail, notes: ProgressNotes): Promise<MediaAnswer> {
  return (await answersOf(detail, notes)).media;
}

/** The same for its creator, with the token of its link. */
export async function answeredToOwner(detail: MediaDetail, notes: ProgressNotes): Promise<OwnMedia> {
  const { media, shareToken } = await answersOf(detail, notes);
  return shareToken === null ? media : { ...media, shareToken };
}

async function answersOf(
  { playbackPath, downloadBytes, shareToken, eventsKey, ...media }: MediaDetail,
  notes: ProgressNotes,
): Promise<{ readonly media: MediaAnswer; readonly shareToken: string | null }> {
  if (media.status === "ready" && playbackPath !== null) {
    return {
      media: { ...media, progress: 100, playback: playbackAt(playbackPath, downloadBytes) },
      shareToken,
    };
  }
  if (isOver(media.status)) return { media, shareToken };
  const answer = { ...media, events: eventsPath({ ...media, eventsKey }) };
  const note = media.status === "processing" ? await notes.read(media.id) : undefined;
  const progress = note?.status === "processing" ? { progress: note.percent } : {};
  return { media: { ...answer, ...progress }, shareToken };
}

/** A media of a creator's list, with the path of its events. */
export function ownItem({ eventsKey, ...media }: Media & Pick<MediaDetail, "eventsKey">): OwnMediaItem {
  return isOver(media.status) ? media : { ...media, events: eventsPath({ ...media, eventsKey }) };
}

const isOver = (status: Status): boolean => status === "ready" || status === "failed";

/** Creates playback cookies for a media; throws a `Problem` if it is not ready. */
export async function ticketFor(media: MediaDetail, tickets: Tickets, now = Date.now()): Promise<Ticket> {
  const { id, status, playbackPath, downloadBytes } = media;
  if (status !== "ready" || playbackPath === null) {
    throw new Problem(409, `the media ${id} is not ready to play: its status is ${status}`, {
      code: "not-ready",
    });
  }
  const until = now + PLAYBACK_LIFETIME_MS;
  const { cookies, query } = await tickets.access(id, until);
  const expiresAt = new Date(until).toISOString();
  return { playback: { ...playbackAt(playbackPath, downloadBytes), expiresAt, query }, cookies };
}

function playbackAt(path: string, downloadBytes: number | null): Playback {
  const at = (file: string): string => `/${path}${file}`;
  return {
    url: at("master.m3u8"),
    poster: pictureAt(path),
    sprite: at("sprite.vtt"),
    chapters: at("chapters.vtt"),
    ...(downloadBytes === null ? {} : { download: { url: at("download.mp4"), sizeBytes: downloadBytes } }),
  };
}

/** Path of a stream's poster. */
export function pictureAt(path: string): string {
  return `/${path}poster.jpg`;
}
