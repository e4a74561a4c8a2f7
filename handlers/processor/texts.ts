import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UnprocessableVideoError } from "./errors";
import { subtitleArguments } from "./ffmpeg-arguments";
import type { StreamInput, StreamOptions } from "./stream-input";
import type { Rendition } from "./master-playlist";
import type { Chapter } from "./probe";
import { clock } from "./sprite";

/**
 * Writes the subtitles of a source as WebVTT, each with its playlist. A track without text, or that can't be read, is left
 * out.
 */
export async function addSubtitles(
  { file, source, output, seconds }: StreamInput & { readonly seconds: number },
  { transcoder, signal }: Pick<StreamOptions, "transcoder" | "signal">,
): Promise<Rendition[]> {
  const renditions: Rendition[] = [];
  for (const track of source.subtitles) {
    const name = `subtitles_${renditions.length + 1}`;
    await mkdir(join(output, name), { recursive: true });
    const text = `${name}/text.vtt`;
    try {
      await transcoder.run(subtitleArguments(file, track, text), {
        folder: output,
        signal,
        onLine: () => undefined,
      });
    } catch (error) {
      if (!(error instanceof UnprocessableVideoError)) throw error;
    }
    if (!(await hasCues(join(output, text)))) {
      await rm(join(output, name), { recursive: true });
      continue;
    }
    await writeFile(join(output, name, "index.m3u8"), textPlaylist("text.vtt", seconds));
    renditions.push({ uri: `${name}/index.m3u8`, language: track.language, title: track.title });
  }
  return renditions;
}

async function hasCues(file: string): Promise<boolean> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.includes(" --> ");
}

/** A playlist of one file of text. */
function textPlaylist(name: string, seconds: number): string {
  return [
    ...["#EXTM3U", "#EXT-X-VERSION:7", `#EXT-X-TARGETDURATION:${Math.ceil(seconds)}`],
    ...["#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-PLAYLIST-TYPE:VOD"],
    ...[`#EXTINF:${seconds.toFixed(6)},`, name, "#EXT-X-ENDLIST", ""],
  ].join("\n");
}

interface ChapterFile {
  /** Folder of the stream. */
  readonly folder: string;
  /** Length of the stream in seconds. */
  readonly seconds: number;
}

/** Writes `chapters.vtt`; it has no cues if there are no chapters. */
export async function addChapters(
  chapters: readonly Chapter[],
  { folder, seconds }: ChapterFile,
): Promise<void> {
  const shown = chapters.filter(({ startSeconds }) => startSeconds < seconds);
  const cues = shown.map(({ startSeconds, endSeconds, title }) => {
    const times = `${clock(Math.max(0, startSeconds))} --> ${clock(Math.min(endSeconds, seconds))}`;
    // A cue's text ends with an empty line, and has entities.
    const text = title
      .replace(/\s+/g, " ")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;");
    return `${times}\n${text}\n`;
  });
  await writeFile(join(folder, "chapters.vtt"), ["WEBVTT\n", ...cues].join("\n"));
}
