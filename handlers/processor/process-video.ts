import { mkdir, open, readdir, statfs, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { UnprocessableVideoError } from "./errors";
import {
  ladderArguments,
  packetArguments,
  posterArguments,
  posterTime,
  type Quality,
  spriteArguments,
} from "./ffmpeg-arguments";
import { ladderOf } from "./ladder";
import { type Lengths, PacketLengths } from "./lengths";
import { runOf, type SourceVersion } from "./message";
import { headersOf, inUploadOrder } from "./output";
import type { JobFolders, Objects, Processed, Transcoder } from "./ports";
import { rateOf, readProbe, type Source } from "./probe";
import { refuseOtherThanVideo, SNIFF_BYTES } from "./sniff";
import { spriteCues, spriteOf } from "./sprite";
import { masterPlaylist, type StreamPlaylists } from "./master-playlist";
import { expectFiles, type Playlist, readPlaylist } from "./stream-files";

/** Context of a processing run. */
export interface ProcessRun {
  readonly sizeBytes: number;
  readonly signal: AbortSignal;
  /** Reports progress in percent, 0 to 99. */
  readonly report: (percent: number) => void;
  /** Called before anything is published; rejects if another processor has the lease. */
  readonly confirm: () => Promise<void>;
}

export interface ProcessOptions extends ProcessRun {
  readonly objects: Objects;
  readonly transcoder: Transcoder;
  readonly quality: Quality;
  /** Empty folder for this run; its creator removes it. */
  readonly folder: string;
}

export interface VideoProcessorOptions extends Pick<ProcessOptions, "objects" | "transcoder" | "quality"> {
  readonly folders: JobFolders;
}

/** Makes streams, each in its own folder. */
export class VideoProcessor {
  constructor(private readonly options: VideoProcessorOptions) {}

  /** Rejects as `processVideo` does. */
  process(version: SourceVersion, run: ProcessRun): Promise<Processed> {
    const { folders, objects, transcoder, quality } = this.options;
    return folders.use((folder) => processVideo(version, { ...run, objects, transcoder, quality, folder }));
  }
}

/** Progress in percent after the download, and after the transcoding. */
const DOWNLOADED_PERCENT = 5;
const TRANSCODED_PERCENT = 90;
/** Required free space as a multiple of the source's size; small sources make larger streams. */
const DISK_SPACE_FACTOR = 2;
/** Concurrent uploads. */
const PARALLEL_UPLOADS = 4;
/** Tolerated missing length, in seconds and as a share: headers are inexact. */
const LENGTH_TOLERANCE = { seconds: 1, share: 0.1 };
const MAX_VIDEO_HOURS = 12;
/** ffmpeg's messages about truncated files. */
const TRUNCATED_FILE_MESSAGE = /partial file|ended prematurely/i;

/**
 * Makes and uploads the stream of a source. Rejects with `UnprocessableVideoError` if the source is at fault; other
 * errors may be temporary. The same version has the same keys, so it can be repeated.
 */
export async function processVideo(version: SourceVersion, options: ProcessOptions): Promise<Processed> {
  const { folder, objects, sizeBytes, signal, report } = options;
  if (sizeBytes === 0) throw new UnprocessableVideoError("empty");
  await checkRoom(folder, sizeBytes);
  const file = join(folder, "source");
  await objects.download(version, file, signal);
  report(DOWNLOADED_PERCENT);
  refuseOtherThanVideo(await headOf(file));
  const source = readProbe(await options.transcoder.probe(file, signal));
  const lengths = await measureLength(file, source, options);
  const output = join(folder, "stream");
  await mkdir(output);
  const durationSeconds = await makeStream({ file, source, lengths, output }, options);
  await options.confirm();
  const playbackPath = `stream/${version.id}/${runOf(version)}/`;
  await upload({ folder: output, prefix: playbackPath }, options);
  const { width, height } = source;
  return { playbackPath, width, height, durationSeconds };
}

async function checkRoom(folder: string, sizeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < sizeBytes * DISK_SPACE_FACTOR) {
    throw new Error(
      `a source of ${sizeBytes} bytes needs ${DISK_SPACE_FACTOR} times its size on disk, ${folder} has ${bavail * bsize} bytes free: give the task a larger disk`,
    );
  }
}

async function headOf(file: string): Promise<Uint8Array> {
  const opened = await open(file);
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await opened.close();
  }
}

/** Measures the length of a source; throws `UnprocessableVideoError` if it is truncated or too long. */
async function measureLength(file: string, source: Source, options: ProcessOptions): Promise<Lengths> {
  const { transcoder, folder, signal } = options;
  const packets = new PacketLengths();
  const errors = await transcoder.run(packetArguments(file, source), {
    folder,
    signal,
    onLine: packets.line,
  });
  const { video, seconds } = packets.lengths();
  if (video.packets === 0) throw new UnprocessableVideoError("noPicture");
  const stated = { seconds, promisedSeconds: source.statedSeconds ?? 0 };
  if (TRUNCATED_FILE_MESSAGE.test(errors) && isShort(stated)) throw cutOff(stated);
  if (seconds > MAX_VIDEO_HOURS * 3_600)
    throw new UnprocessableVideoError("tooLong", { hours: MAX_VIDEO_HOURS });
  return { video, seconds: Math.max(seconds, 1 / rateOf(source.frameRate)) };
}

/** A probed source, with the folder of its stream. */
interface StreamInput {
  /** Path of the source. */
  readonly file: string;
  readonly source: Source;
  readonly lengths: Lengths;
  /** Folder of the stream. */
  readonly output: string;
}

/** Writes the stream into a folder; returns the seconds of its video. */
async function makeStream(input: StreamInput, options: ProcessOptions): Promise<number> {
  const { file, source, lengths, output } = input;
  const { transcoder, quality, signal, report } = options;
  const ladder = ladderOf(source);
  const rate = rateOf(source.frameRate);
  await transcoder.run(ladderArguments({ file, source, lengths, ladder, quality }), {
    folder: output,
    signal,
    onLine: (line) => {
      const frames = Number(/^frame=\s*(\d+)/.exec(line)?.[1] ?? 0);
      const share = Math.min(1, frames / rate / lengths.seconds);
      report(DOWNLOADED_PERCENT + share * (TRANSCODED_PERCENT - DOWNLOADED_PERCENT));
    },
  });
  const rungs: StreamPlaylists["rungs"][number][] = [];
  for (const { name, width, height } of ladder) {
    rungs.push({ playlist: await readPlaylist(output, name), width, height });
  }
  const audio = source.audio === undefined ? undefined : await readPlaylist(output, "audio");
  const seconds = Math.min(...rungs.map(({ playlist }) => playlist.seconds));
  // A late start does not make it shorter.
  const counted = { seconds, promisedSeconds: lengths.seconds - lengths.video.start };
  if (isShort(counted)) throw cutOff(counted);
  const { frameRate } = source;
  await writeFile(
    join(output, "master.m3u8"),
    await masterPlaylist({ folder: output, rungs, audio, frameRate }),
  );
  const playlists = rungs.map(({ playlist }) => playlist);
  await addPictures({ output, rungs: playlists, source, seconds }, options);
  return seconds;
}

interface StreamPictures {
  readonly output: string;
  /** Rungs, largest first. */
  readonly rungs: readonly Playlist[];
  readonly source: Source;
  /** Length of the stream in seconds. */
  readonly seconds: number;
}

/** Makes the poster from the largest rung and the sprite from the smallest. */
async function addPictures(
  { output, rungs, source, seconds }: StreamPictures,
  { transcoder, signal }: ProcessOptions,
): Promise<void> {
  const [largest, smallest] = [rungs[0], rungs.at(-1)];
  if (largest === undefined || smallest === undefined)
    throw new Error("a stream must have at least one rung");
  const run = { folder: output, signal, onLine: () => undefined };
  const sprite = spriteOf({ ...source, durationSeconds: seconds });
  await transcoder.run(posterArguments(largest, posterTime(seconds), source), run);
  await transcoder.run(spriteArguments(smallest, sprite, source), run);
  await writeFile(join(output, "sprite.vtt"), spriteCues(sprite, seconds));
  await expectFiles(output, ["poster.jpg", "sprite.jpg", "sprite.vtt"]);
}

interface ComparedLength {
  readonly seconds: number;
  readonly promisedSeconds: number;
}

function isShort({ seconds, promisedSeconds }: ComparedLength): boolean {
  return seconds < promisedSeconds * (1 - LENGTH_TOLERANCE.share) - LENGTH_TOLERANCE.seconds;
}

function cutOff({ seconds, promisedSeconds }: ComparedLength): UnprocessableVideoError {
  return new UnprocessableVideoError("truncated", {
    seconds: Math.floor(seconds),
    promised: Math.round(promisedSeconds),
  });
}

interface UploadedFolder {
  readonly folder: string;
  /** Prefix of the keys, with the final slash. */
  readonly prefix: string;
}

async function upload({ folder, prefix }: UploadedFolder, options: ProcessOptions): Promise<void> {
  const { objects, signal, report } = options;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  let done = 0;
  for (const group of inUploadOrder(names)) {
    const rest = [...group];
    const one = async (): Promise<void> => {
      for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
        await objects.upload({
          key: prefix + name,
          file: join(folder, name),
          headers: headersOf(name),
          signal,
        });
        report(TRANSCODED_PERCENT + (++done / names.length) * (99 - TRANSCODED_PERCENT));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_UPLOADS }, one));
  }
}
