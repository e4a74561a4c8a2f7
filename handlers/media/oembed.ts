import { escaped, fitted, type Link, linkPath, type SharedVideo } from "./shared-video";

/** How another site shows a video in its own pages: https://oembed.com */
export interface OEmbed {
  readonly version: "1.0";
  readonly type: "video";
  readonly provider_name: string;
  readonly provider_url: string;
  readonly title: string;
  /** A frame with the player. */
  readonly html: string;
  /** Pixels of the frame. */
  readonly width: number;
  readonly height: number;
  readonly thumbnail_url?: string;
  readonly thumbnail_width?: number;
  readonly thumbnail_height?: number;
}

/** Largest size that the other site has room for, in pixels. */
export interface Room {
  readonly maxwidth?: number;
  readonly maxheight?: number;
}

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
export function oembedOf(link: Link, video: SharedVideo, at: { publicUrl: string; room: Room }): OEmbed {
  const { publicUrl, room } = at;
  const { maxwidth = USUAL_SIDE, maxheight = USUAL_SIDE } = room;
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
    html: `<iframe ${written.join(" ")} allowfullscreen></iframe>`,
    width,
    height,
    ...thumbnailOf(video, at),
  };
}

/** The poster, if there is room for it. */
function thumbnailOf({ poster, size }: SharedVideo, { publicUrl, room }: { publicUrl: string; room: Room }) {
  const [long, short] = [Math.max(size.width, size.height), Math.min(size.width, size.height)];
  const scale = Math.min(1, POSTER_SIDES.long / long, POSTER_SIDES.short / short);
  const { width, height } = fitted(size, { width: size.width * scale, height: size.height * scale });
  const { maxwidth = width, maxheight = height } = room;
  if (poster === undefined || width > maxwidth || height > maxheight) return {};
  return { thumbnail_url: `${publicUrl}${poster}`, thumbnail_width: width, thumbnail_height: height };
}
