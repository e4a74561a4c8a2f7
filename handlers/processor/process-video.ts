import { mkdir, open, readdir, statfs } from "node:fs/promises";
import { join, relative } from "node:path";
import { isEncryptedMp4 } from "./encryption";
import { UnprocessableVideoError } from "./errors";
import { packetArguments, type Encoding } from "./ffmpeg-arguments";
import { isShort, type Lengths, PacketLengths } from "./lengths";
import { makeStream, truncated } from "./make-stream";
import { runOf, type SourceVersion } from "./message";
import { headersOf, inUploadOrder } from "./output";
import type { JobFolders, Objects, Processed, Transcoder } from "./ports";
import { rateOf, readProbe, type Source } from "./probe";
import { refuseOtherThanVideo, SNIFF_BYTES } from "./sniff";

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
  readonly encoding: Encoding;
  /** Empty folder for this run; its creator removes it. */
  readonly folder: string;
  /** Concurrent videos, which share the disk. */
  readonly concurrency: number;
}

export interface VideoProcessorOptions extends Omit<ProcessOptions, keyof ProcessRun | "folder"> {
  readonly folders: JobFolders;
}

/** Makes streams, each in its own folder. */
export class VideoProcessor {
  constructor(private readonly options: VideoProcessorOptions) {}

  /** Rejects as `processVideo` does. */
  process(version: SourceVersion, run: ProcessRun): Promise<Processed> {
    const { folders, ...options } = this.options;
    return folders.use((folder) => processVideo(version, { ...run, ...options, folder }));
  }
}

/** Progress in percent after the download, and after the transcoding. */
const DOWNLOADED_PERCENT = 5;
const TRANSCODED_PERCENT = 90;
/** Required free space as a multiple of the source's size. */
const DISK_SPACE_FACTOR = 2;
/** Share of the free disk that streams may take; containers, playlists and pictures need the rest. */
const STREAMS_SHARE = 0.9;
/** With fewer free bytes, files may not have been written. */
const FULL_DISK_BYTES = 32 << 20;
/** Concurrent uploads. */
const PARALLEL_UPLOADS = 4;
const MAX_VIDEO_HOURS = 12;
/** A task that is busy with one video for longer would never make the others. */
const MAX_PROCESSING_HOURS = 24;
/** ffmpeg's messages about truncated files. */
const TRUNCATED_FILE_MESSAGE = /partial file|ended prematurely/i;

/**
 * Makes and uploads the stream of a source. Rejects with `UnprocessableVideoError` if the source is at fault; other
 * errors may be temporary. The same version has the same keys, so it can be repeated.
 */
export async function processVideo(version: SourceVersion, options: ProcessOptions): Promise<Processed> {
  const limit = new AbortController();
  const tooSlow = (): void =>
    limit.abort(new UnprocessableVideoError("tooSlow", { hours: MAX_PROCESSING_HOURS }));
  const timer = setTimeout(tooSlow, MAX_PROCESSING_HOURS * 3_600_000);
  try {
    return await processWithin(version, {
      ...options,
      signal: AbortSignal.any([options.signal, limit.signal]),
    });
  } finally {
    clearTimeout(timer);
  }
}

async function processWithin(version: SourceVersion, options: ProcessOptions): Promise<Processed> {
  const { folder, objects, sizeBytes, signal, report, transcoder, encoding, concurrency } = options;
  if (sizeBytes === 0) throw new UnprocessableVideoError("empty");
  await checkRoom(folder, sizeBytes);
  const file = join(folder, "source");
  await objects.download(version, file, signal);
  report(DOWNLOADED_PERCENT);
  refuseOtherThanVideo(await headOf(file));
  const source = readProbe(await transcoder.probe(file, signal));
  if (await isEncryptedMp4(file)) throw new UnprocessableVideoError("encrypted");
  const { lengths, endsEarly } = await measureLength(file, source, options);
  const output = join(folder, "stream");
  await mkdir(output);
  const maxBytes = ((await freeBytes(folder)) * STREAMS_SHARE) / concurrency;
  const make = () =>
    makeStream(
      { file, source, lengths, output, maxBytes },
      {
        transcoder,
        encoding,
        signal,
        report: (share) => report(DOWNLOADED_PERCENT + share * (TRANSCODED_PERCENT - DOWNLOADED_PERCENT)),
      },
    );
  const stream = await makeOnDisk(make, { signal, free: () => freeBytes(folder) });
  await options.confirm();
  const playbackPath = `stream/${version.id}/${runOf(version)}/`;
  await upload({ folder: output, prefix: playbackPath }, options);
  const { width, height } = source;
  const promised = endsEarly ? source.statedSeconds : undefined;
  const early = promised === undefined ? undefined : truncated(stream.seconds, promised).message;
  const { seconds: durationSeconds, notice = early, downloadBytes } = stream;
  return { playbackPath, width, height, durationSeconds, notice, downloadBytes };
}

async function checkRoom(folder: string, sizeBytes: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free < sizeBytes * DISK_SPACE_FACTOR) {
    throw new Error(
      `a source of ${sizeBytes} bytes needs ${DISK_SPACE_FACTOR} times its size on disk, ${folder} has ${free} bytes free: give the task a larger disk`,
    );
  }
}

/** What makes files, and how many bytes are free for them. */
interface Disk {
  readonly signal: AbortSignal;
  readonly free: () => Promise<number>;
}

/**
 * Makes something, but says so if that fails on a full disk: programs fail in many ways then, or make less of the video,
 * which would be its creator's fault.
 */
export async function makeOnDisk<Made>(make: () => Promise<Made>, { signal, free }: Disk): Promise<Made> {
  try {
    return await make();
  } catch (error) {
    const bytes = await free();
    if (signal.aborted || bytes >= FULL_DISK_BYTES) throw error;
    throw new Error(`the disk is full: ${bytes} bytes are free`, { cause: error });
  }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
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

interface MeasuredLength {
  readonly lengths: Lengths;
  /** Whether the end of the file is missing. */
  readonly endsEarly: boolean;
}

/** Measures the length of a source; throws `UnprocessableVideoError` if it has no picture or is too long. */
async function measureLength(
  file: string,
  source: Source,
  { transcoder, folder, signal }: ProcessOptions,
): Promise<MeasuredLength> {
  const packets = new PacketLengths();
  const errors = await transcoder.run(packetArguments(file, source), {
    folder,
    signal,
    onLine: packets.line,
  });
  const measured = packets.lengths(source.sounds.length);
  if (measured.video.packets === 0) throw new UnprocessableVideoError("noPicture");
  if (measured.video.packets === 1 && source.pictureFormat) throw new UnprocessableVideoError("picture");
  if (measured.seconds > MAX_VIDEO_HOURS * 3_600)
    throw new UnprocessableVideoError("tooLong", { hours: MAX_VIDEO_HOURS });
  const seconds = Math.max(measured.seconds, 1 / rateOf(source.frameRate));
  const endsEarly =
    TRUNCATED_FILE_MESSAGE.test(errors) && isShort({ seconds, promisedSeconds: source.statedSeconds ?? 0 });
  return { lengths: { ...measured, seconds }, endsEarly };
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
