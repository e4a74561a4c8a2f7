import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failureReason } from "../media/failure-reasons";
import { UnprocessableVideoError } from "./errors";
import {
  AUDIO_KILOBITS,
  checkArguments,
  DOWNLOAD_FILE,
  downloadArguments,
  type Encoding,
  ladderArguments,
  soundArguments,
} from "./ffmpeg-arguments";
import type { Fields } from "./fields";
import { findFields } from "./find-fields";
import { complexityOf } from "./complexity";
import { av1LadderOf, changedBy, fittedInto, ladderOf, type Rung } from "./ladder";
import { isShort } from "./lengths";
import { loudnessOf } from "./loudness";
import { masterPlaylist, type SoundRendition, type StreamPlaylists } from "./master-playlist";
import { streamFramesPerSecond, streamRate } from "./picture-filters";
import { addPictures } from "./pictures";
import type { SoundTrack } from "./probe";
import { expectFiles, type Playlist, readPlaylist, shortenPlaylist } from "./stream-files";
import type { StreamInput, StreamOptions } from "./stream-input";
import { addChapters, addSubtitles } from "./texts";
import { together } from "./together";

export interface MadeStream {
  /** Length of the picture. */
  readonly seconds: number;
  /** What could not be decoded, for the creator; undefined if all could. */
  readonly notice: string | undefined;
  /** Size of the MP4 for downloads; undefined if there is none. */
  readonly downloadBytes: number | undefined;
}

/** Share of the promised length that must be decoded: less is no video. */
const MIN_USEFUL_SHARE = 0.5;

/**
 * Writes a stream with all its files into a folder. Rejects with `UnprocessableVideoError` if most of the picture can't be
 * decoded.
 */
export async function makeStream(input: StreamInput, options: StreamOptions): Promise<MadeStream> {
  const { source, lengths, output } = input;
  const fields = await findFields(input, options);
  const frameRate = streamFramesPerSecond({ source, fields });
  const tracks = source.sounds.filter((_, index) => (lengths.sounds[index]?.packets ?? 0) > 0);
  const usual = ladderOf({ ...source, rate: frameRate });
  const rate = streamRate({ source, fields });
  const wanted = changedBy(await complexityOf(input, { ladder: usual, rate }, options), usual);
  const ladder = laddersOf(input, { wanted, tracks: tracks.length, encoding: options.encoding });
  const [made, sounds] = await together(options.signal, (signal) => [
    makePicture({ ...input, fields, ladder, frameRate }, { ...options, signal }),
    makeSounds({ ...input, tracks }, { ...options, signal }),
  ]);
  const rungs = await rungsIn(output, made);
  const seconds = Math.min(...rungs.map(({ playlist }) => playlist.seconds));
  const short = isShort({ seconds, promisedSeconds: lengths.seconds });
  if (short && seconds < lengths.seconds * MIN_USEFUL_SHARE) throw truncated(seconds, lengths.seconds);
  const heard = short ? await shortened(sounds, { output, seconds }) : sounds;
  await addChapters(source.chapters, { folder: output, seconds });
  const subtitles = await addSubtitles({ ...input, seconds }, options);
  const stream = { folder: output, rungs, sounds: heard, subtitles, frameRate };
  await writeFile(join(output, "master.m3u8"), await masterPlaylist(stream));
  const h264 = rungs.filter(({ codec }) => codec === "h264").map(({ playlist }) => playlist);
  const [downloadBytes] = await together(options.signal, (signal) => [
    addDownload(stream, { ...options, signal }),
    check(stream, { ...options, signal }),
    addPictures({ output, rungs: h264, source, seconds, frameRate }, { ...options, signal }),
  ]);
  if (short) return { seconds, downloadBytes, notice: truncated(seconds, lengths.seconds).message };
  const damaged = sounds.length < tracks.length ? failureReason("damagedSound") : undefined;
  return { seconds, downloadBytes, notice: damaged };
}

interface Wanted {
  /** Rungs in H.264. */
  readonly wanted: readonly Rung[];
  /** Number of sounds. */
  readonly tracks: number;
  readonly encoding: Encoding;
}

/** The sizes in every codec, the widely supported one first, with bit rates for which there is room. */
export function laddersOf(
  { lengths, maxBytes }: StreamInput,
  { wanted: h264, tracks, encoding }: Wanted,
): readonly Rung[] {
  const all = encoding.av1 === true ? [...h264, ...av1LadderOf(h264)] : h264;
  // The MP4 contains the largest size and all sounds again.
  const copied = encoding.download === true ? h264.slice(0, 1) : [];
  return fittedInto(all, {
    seconds: lengths.seconds,
    bytes: maxBytes,
    copied,
    otherKilobits: AUDIO_KILOBITS * tracks * (1 + copied.length),
  });
}

/** Why a stream is shorter than its source promised. */
export function truncated(seconds: number, promisedSeconds: number): UnprocessableVideoError {
  return new UnprocessableVideoError("truncated", {
    seconds: Math.floor(seconds),
    promised: Math.round(promisedSeconds),
  });
}

interface PictureInput extends StreamInput {
  readonly fields: Fields;
  readonly ladder: readonly Rung[];
  readonly frameRate: number;
}

/** Makes the rungs, codec by codec: encoders of two codecs would need the memory of both. Returns those that were made. */
async function makePicture(input: PictureInput, options: StreamOptions): Promise<readonly Rung[]> {
  const { lengths, output, frameRate } = input;
  const { transcoder, encoding, signal, report } = options;
  const codecs = [...new Set(input.ladder.map(({ codec }) => codec))];
  const made: Rung[] = [];
  for (const [done, wanted] of codecs.entries()) {
    const ladder = input.ladder.filter(({ codec }) => codec === wanted);
    const run = transcoder.run(ladderArguments({ ...input, ladder, encoding }), {
      folder: output,
      signal,
      onLine: (line) => {
        const frames = Number(/^frame=\s*(\d+)/.exec(line)?.[1] ?? 0);
        report((done + Math.min(1, frames / frameRate / lengths.seconds)) / codecs.length);
      },
    });
    try {
      await run;
    } catch (error) {
      // A codec that fails after the first, such as one that needs more memory, is left out: the video plays without it.
      if (done === 0 || !(error instanceof UnprocessableVideoError)) throw error;
      await Promise.all(ladder.map(({ name }) => rm(join(output, name), { recursive: true, force: true })));
      continue;
    }
    made.push(...ladder);
  }
  return made;
}

interface SoundsInput extends StreamInput {
  readonly tracks: readonly SoundTrack[];
}

/** Makes the renditions of sound; a track that can't be decoded is left out. */
async function makeSounds(
  { file, lengths, output, tracks }: SoundsInput,
  options: StreamOptions,
): Promise<SoundRendition[]> {
  const { transcoder, signal } = options;
  const sounds: SoundRendition[] = [];
  for (const track of tracks) {
    const name = sounds.length === 0 ? "audio" : `audio_${sounds.length + 1}`;
    const loudness = await loudnessOf({ file, track, folder: output }, options);
    const args = soundArguments({ file, track, name, seconds: lengths.seconds, loudness });
    try {
      await transcoder.run(args, { folder: output, signal, onLine: () => undefined });
    } catch (error) {
      if (error instanceof UnprocessableVideoError) continue;
      throw error;
    }
    const playlist = await readPlaylist(output, name);
    sounds.push({ playlist, uri: `${name}/index.m3u8`, language: track.language, title: track.title });
  }
  return sounds;
}

async function rungsIn(output: string, ladder: readonly Rung[]): Promise<StreamPlaylists["rungs"]> {
  const rungs: StreamPlaylists["rungs"][number][] = [];
  for (const { name, width, height, codec } of ladder) {
    rungs.push({ playlist: await readPlaylist(output, name), width, height, codec });
  }
  return rungs;
}

/** Makes the MP4 for downloads, if the settings want it; returns its size in bytes. */
async function addDownload(
  { folder, rungs, sounds }: StreamPlaylists,
  { transcoder, encoding, signal }: StreamOptions,
): Promise<number | undefined> {
  const [largest] = rungs;
  if (encoding.download !== true || largest === undefined) return undefined;
  const named = sounds.map(({ playlist, language, title }) => ({ folder: playlist.folder, language, title }));
  const args = downloadArguments(largest.playlist, named);
  await transcoder.run(args, { folder, signal, onLine: () => undefined });
  const [bytes] = await expectFiles(folder, [DOWNLOAD_FILE]);
  return bytes;
}

/** Ends the sound with a picture that could not be decoded to its end. */
function shortened(
  sounds: readonly SoundRendition[],
  { output, seconds }: { readonly output: string; readonly seconds: number },
): Promise<SoundRendition[]> {
  return Promise.all(
    sounds.map(async (sound) => ({
      ...sound,
      playlist: await shortenPlaylist(output, sound.playlist.folder, seconds),
    })),
  );
}

/** Decodes the beginning of every playlist. */
async function check(
  { folder, rungs, sounds }: StreamPlaylists,
  { transcoder, signal }: StreamOptions,
): Promise<void> {
  const playlists: Playlist[] = [...rungs, ...sounds].map(({ playlist }) => playlist);
  await transcoder.run(checkArguments(playlists), { folder, signal, onLine: () => undefined });
}
