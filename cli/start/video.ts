import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "@packages/embedded-aws/programs/command";
import { type Creator, fetchApi } from "./creator";

/** Result of a video that went through the whole product. */
export interface Processed {
  readonly id: string;
  /** Seconds from the end of the upload until it was playable. */
  readonly seconds: number;
  /** Sizes in the master playlist, such as `640x360`. */
  readonly sizes: readonly string[];
}

export interface VideoOptions extends Creator {
  /** Folder for the generated clip; the clip is deleted afterwards. */
  readonly folder: string;
  /** Called with the progress as text. */
  readonly onProgress: (text: string) => void;
}

interface Media {
  readonly id: string;
  readonly status: string;
  readonly progress?: number;
  readonly failureReason?: string | null;
  readonly playback?: { readonly url: string };
}

const TITLE = "A first video";

/** Whether a video of an earlier run exists. */
export async function hasVideo(url: string): Promise<boolean> {
  const response = await fetch(`${url}/api/media?limit=100`);
  const { items } = (await response.json()) as { items: readonly { title: string }[] };
  return items.some(({ title }) => title === TITLE);
}

/** Seconds until a short clip must be ready, also on a slow and busy machine. */
export const PROCESSING_TIMEOUT_S = 1_200;

/**
 * Generates a clip, registers and uploads it as the console does, and waits until it is playable. Throws the reason if
 * it fails.
 */
export async function processVideo(options: VideoOptions): Promise<Processed> {
  const clip = await makeClip(options.folder);
  const { media, upload } = await fetchApi<{
    media: Media;
    upload: { parts: { partNumber: number; url: string }[] };
  }>(options, {
    method: "POST",
    path: "/media",
    body: { title: TITLE, visibility: "public", contentType: "video/mp4", sizeBytes: clip.length },
  });
  const [part] = upload.parts;
  if (part === undefined) throw new Error("the upload has no parts");
  const etag = await putPart(part.url, { page: options.url, bytes: clip });
  await fetchApi(options, {
    method: "POST",
    path: `/media/${media.id}/upload/complete`,
    body: { parts: [{ partNumber: part.partNumber, etag }] },
  });
  const began = Date.now();
  const ready = await untilReady(options, media.id);
  const playlist = await play(options, ready);
  const sizes = [...playlist.matchAll(/RESOLUTION=(\d+x\d+)/g)].map((match) => match[1] ?? "");
  if (sizes.length === 0) throw new Error(`the master playlist has no renditions: ${playlist.slice(0, 300)}`);
  return { id: media.id, seconds: (Date.now() - began) / 1_000, sizes };
}

/** A clip of three seconds: ffmpeg's test pattern with a tone. */
async function makeClip(folder: string): Promise<Buffer> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "clip.mp4");
  try {
    await runCommand(
      ...(["ffmpeg-clip", "ffmpeg", "-v", "error", "-nostdin", "-y"] as const),
      ...["-f", "lavfi", "-i", "testsrc=size=640x360:rate=25:duration=3"],
      ...["-f", "lavfi", "-i", "sine=frequency=440:duration=3"],
      ...["-preset", "ultrafast", "-pix_fmt", "yuv420p", file],
    );
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Uploads a part like a page from the edge. Throws if the bucket's CORS rules don't allow it or hide the entity tag.
 */
async function putPart(
  url: string,
  { page, bytes }: { readonly page: string; readonly bytes: Buffer },
): Promise<string> {
  const origin = new URL(page).origin;
  const asked = await fetch(url, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "PUT" },
  });
  if (!asked.ok)
    throw new Error(`S3's CORS rules reject uploads from ${origin}: ${(await asked.text()).slice(0, 300)}`);
  const put = await fetch(url, { method: "PUT", body: new Uint8Array(bytes), headers: { origin } });
  if (!put.ok) throw new Error(`S3 answered ${put.status} to a part: ${(await put.text()).slice(0, 300)}`);
  const seen = put.headers.get("access-control-expose-headers") ?? "";
  if (put.headers.get("access-control-allow-origin") !== origin || !/\betag\b/i.test(seen))
    throw new Error(`S3's CORS rules hide the ETag from ${origin}`);
  return put.headers.get("etag") ?? "";
}

async function untilReady({ url, onProgress }: VideoOptions, id: string): Promise<Media> {
  const deadline = Date.now() + PROCESSING_TIMEOUT_S * 1_000;
  for (;;) {
    const media = (await (await fetch(`${url}/api/media/${id}`)).json()) as Media;
    if (media.status === "ready") return media;
    if (media.status === "failed")
      throw new Error(`the video failed: ${media.failureReason ?? "no reason given"}`);
    if (Date.now() > deadline)
      throw new Error(`the video is still ${media.status} after ${PROCESSING_TIMEOUT_S} s`);
    onProgress(`${media.status}${media.progress === undefined ? "" : `, ${media.progress} %`}`);
    await sleep(500);
  }
}

/** Plays a video like a viewer: with the API's cookies, and fails without them. Returns the master playlist. */
async function play({ url }: VideoOptions, { id, playback }: Media): Promise<string> {
  if (playback === undefined) throw new Error("the ready video has no playback URL");
  const refused = await fetch(`${url}${playback.url}`);
  if (refused.status !== 403) throw new Error(`${playback.url} answered ${refused.status} without cookies`);
  const allowed = await fetch(`${url}/api/media/${id}/playback`);
  if (!allowed.ok)
    throw new Error(`playback answered ${allowed.status}: ${(await allowed.text()).slice(0, 300)}`);
  const cookie = allowed.headers
    .getSetCookie()
    .map((line) => line.split(";")[0] ?? "")
    .join("; ");
  const get = async (path: string): Promise<string> => {
    const response = await fetch(`${url}${path}`, { headers: { cookie } });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${path} answered ${response.status} with cookies: ${text.slice(0, 300)}`);
    return text;
  };
  const master = await get(playback.url);
  const [variant = ""] = master.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const folder = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
  const media = `${folder(playback.url)}${variant}`;
  const segments = (await get(media)).split("\n").filter((line) => line.endsWith(".m4s"));
  if (segments[0] === undefined) throw new Error(`the playlist ${media} has no segments`);
  await get(`${folder(media)}${segments[0]}`);
  return master;
}
