import { escaped, fitted, type Link, linkPath, type SharedVideo } from "./shared-video";

/** How another site shows a video in its own pages: https://oembed.com */
export interface OEmbed {
  readonly version: "1.0";
  readonly type: "video";
  readonly provider_name: string;
  readonly provider_url: string;
  readonly title: string;
  /** Seconds for which the other site may keep the answer; that of a link with a share token is not for keeping. */
  readonly cache_age?: number;
  /** A frame with the player. */
  readonly html: string;
  /** Pixels of the frame. */
  readonly width: number;
  readonly height: number;
  readonly thumbnail_url?: string;
  readonly thumbnail_width?: number;
  readonly thumbnail_height?: number;
}

/** Largest size of the frame, and of the thumbnail, in pixels. */
export interface LargestSize {
  readonly maxwidth?: number;
  readonly maxheight?: number;
}

/** Shorter than the signature of a poster is valid: 6 hours. A video that became private is shown no longer than this. */
const CACHE_SECONDS = 3_600;
/** Pixels of a frame whose site names none. */
const USUAL_SIDE = 640;
/** Pixels within which posters are made. */
const POSTER_SIDES = { long: 1_920, short: 1_080 };

/** The link in a URL of the product: its own page, the watch page, or the embedded player. Undefined for another URL. */
export function linkOf(url: string, publicUrl: string): Link | undefined {
  if (!URL.canParse(url)) return undefined;
  const { origin, pathname, searchParams } = new URL(url);
  const id = /^\/(?:v|watch|embed)\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\/?$/i.exec(pathname)?.[1];
  if (id === undefined || origin !== new URL(publicUrl).origin) return undefined;
  return { id: id.toLowerCase(), share: searchParams.get("share") ?? undefined };
}

/** The oEmbed answer of a video. */
export function oembedOf(
  link: Link,
  video: SharedVideo,
  at: { publicUrl: string; largest: LargestSize },
): OEmbed {
  const { publicUrl, largest } = at;
  const { maxwidth = USUAL_SIDE, maxheight = USUAL_SIDE } = largest;
  const { width, height } = fitted(video.size, { width: maxwidth, height: maxheight });
  const attributes = {
    src: `${publicUrl}${linkPath("embed", link)}`,
    width,
    height,
    title: video.title,
    style: "border:0",
    allow: "autoplay; fullscreen; picture-in-picture",
  };
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return {
    version: "1.0",
    type: "video",
    provider_name: "StreamFlow",
    provider_url: publicUrl,
    title: video.title,
    ...(link.share === undefined ? { cache_age: CACHE_SECONDS } : {}),
    html: `<iframe ${written.join(" ")} allowfullscreen></iframe>`,
    width,
    height,
    ...thumbnailOf(video, at),
  };
}

/** The poster, unless it is larger than the thumbnail may be. */
function thumbnailOf(
  { poster, size }: SharedVideo,
  { publicUrl, largest }: { publicUrl: string; largest: LargestSize },
) {
  const [long, short] = [Math.max(size.width, size.height), Math.min(size.width, size.height)];
  const scale = Math.min(1, POSTER_SIDES.long / long, POSTER_SIDES.short / short);
  const { width, height } = fitted(size, { width: size.width * scale, height: size.height * scale });
  const { maxwidth = width, maxheight = height } = largest;
  if (poster === undefined || width > maxwidth || height > maxheight) return {};
  return { thumbnail_url: `${publicUrl}${poster}`, thumbnail_width: width, thumbnail_height: height };
}
