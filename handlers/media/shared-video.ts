import type { MediaDetail } from "./media";
import { isVisible } from "./sharing";
import type { Thumbnails } from "./thumbnails";

/** Where a link leads. */
export interface Link {
  readonly id: string;
  /** Token of an unlisted media's link. */
  readonly share: string | undefined;
}

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What everybody with a link may know of a video before it is opened. */
export interface SharedVideo {
  readonly title: string;
  readonly description: string;
  /** Whether search engines may list it. */
  readonly isListed: boolean;
  /** Displayed size. */
  readonly size: Size;
  /** Length in seconds, if known. */
  readonly durationSeconds: number | null;
  /** Path of its poster with a signature; undefined if it can't be signed. */
  readonly poster: string | undefined;
}

/** Size of a video whose own is unknown. */
const USUAL_SIZE: Size = { width: 1_280, height: 720 };
/** Characters of a description in a preview; services show fewer. */
const MAX_DESCRIPTION = 300;

/** The video of a link; undefined if the link does not open it or it is not ready, also if there is none. */
export async function sharedVideo(
  media: MediaDetail | undefined,
  { share }: Link,
  thumbnails: Pick<Thumbnails, "of">,
): Promise<SharedVideo | undefined> {
  if (media === undefined || !isVisible(media, share)) return undefined;
  if (media.status !== "ready" || media.playbackPath === null) return undefined;
  const { width, height } = media;
  return {
    title: oneLine(media.title),
    description: shortened(oneLine(media.description)),
    isListed: media.visibility === "public",
    size: width && height ? { width, height } : USUAL_SIZE,
    durationSeconds: media.durationSeconds,
    poster: await thumbnails.of(media.playbackPath),
  };
}

/** The largest size with the proportions of a picture within a box. */
export function fitted({ width, height }: Size, box: Size): Size {
  const scale = Math.min(box.width / width, box.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Path of a page of the product with a link's id and token. */
export function linkPath(page: "v" | "watch" | "embed", { id, share }: Link): string {
  // URLSearchParams also accepts texts that are not well-formed.
  return share === undefined
    ? `/${page}/${id}`
    : `/${page}/${id}?${new URLSearchParams({ share }).toString()}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes a text safe in HTML, as content and in quoted attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/**
 * A text in one line, without characters that change the direction of those around it. The API has refused them only
 * since visibilities exist.
 */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}]/gu, "")
    .trim();
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_DESCRIPTION
    ? text
    : `${characters.slice(0, MAX_DESCRIPTION - 1).join("")}…`;
}
