import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failureReason } from "../media/failure-reasons";
import { UnprocessableVideoError } from "./errors";
import { checkArguments, ladderArguments, soundArguments } from "./ffmpeg-arguments";
import type { Fields } from "./fields";
import { findFields } from "./find-fields";
import { ladderOf, type Rung } from "./ladder";
import { isShort } from "./lengths";
import { masterPlaylist, type SoundRendition, type StreamPlaylists } from "./master-playlist";
import { streamFramesPerSecond } from "./picture-filters";
import { addPictures } from "./pictures";
import type { SoundTrack } from "./probe";
import { type Playlist, readPlaylist, shortenPlaylist } from "./stream-files";
import type { StreamInput, StreamOptions } from "./stream-input";
import { addChapters, addSubtitles } from "./texts";
import { together } from "./together";

export interface MadeStream {
  /** Length of the picture. */
  readonly seconds: number;
  /** What could not be decoded, for the creator; undefined if all could. */
  readonly notice: string | undefined;
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
  const ladder = ladderOf({ ...source, rate: frameRate });
  const tracks = source.sounds.filter((_, index) => (lengths.sounds[index]?.packets ?? 0) > 0);
  const [, sounds] = await together(options.signal, (signal) => [
    makePicture({ ...input, fields, ladder, frameRate }, { ...options, signal }),
    makeSounds({ ...input, tracks }, { ...options, signal }),
  ]);
  const rungs = await rungsIn(output, ladder);
  const seconds = Math.min(...rungs.map(({ playlist }) => playlist.seconds));
  const short = isShort({ seconds, promisedSeconds: lengths.seconds });
  if (short && seconds < lengths.seconds * MIN_USEFUL_SHARE) throw truncated(seconds, lengths.seconds);
  const heard = short ? await shortened(sounds, { output, seconds }) : sounds;
  await addChapters(source.chapters, { folder: output, seconds });
  const subtitles = await addSubtitles({ ...input, seconds }, options);
  const stream = { folder: output, rungs, sounds: heard, subtitles, frameRate };
  await writeFile(join(output, "master.m3u8"), await masterPlaylist(stream));
  await check(stream, options);
  await addPictures(
    { output, rungs: rungs.map(({ playlist }) => playlist), source, seconds, frameRate },
    options,
  );
  if (short) return { seconds, notice: truncated(seconds, lengths.seconds).message };
  return { seconds, notice: sounds.length < tracks.length ? failureReason("damagedSound") : undefined };
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

async function makePicture(input: PictureInput, options: StreamOptions): Promise<void> {
  const { lengths, output, frameRate } = input;
  const { transcoder, quality, signal, report } = options;
  await transcoder.run(ladderArguments({ ...input, quality }), {
    folder: output,
    signal,
    onLine: (line) => {
      const frames = Number(/^frame=\s*(\d+)/.exec(line)?.[1] ?? 0);
      report(Math.min(1, frames / frameRate / lengths.seconds));
    },
  });
}

interface SoundsInput extends StreamInput {
  readonly tracks: readonly SoundTrack[];
}

/** Makes the renditions of sound; a track that can't be decoded is left out. */
async function makeSounds(
  { file, lengths, output, tracks }: SoundsInput,
  { transcoder, signal }: StreamOptions,
): Promise<SoundRendition[]> {
  const sounds: SoundRendition[] = [];
  for (const track of tracks) {
    const name = sounds.length === 0 ? "audio" : `audio_${sounds.length + 1}`;
    const args = soundArguments({ file, track, name, seconds: lengths.seconds });
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
  for (const { name, width, height } of ladder) {
    rungs.push({ playlist: await readPlaylist(output, name), width, height });
  }
  return rungs;
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
