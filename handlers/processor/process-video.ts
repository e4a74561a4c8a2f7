import { mkdir, open, readdir, statfs, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { Poison } from "./failures";
import { type Quality, transcodeArguments } from "./ffmpeg-arguments";
import { ladderOf } from "./ladder";
import { runOf, type SourceVersion } from "./message";
import { headersOf, inUploadOrder } from "./output";
import type { Objects, Processed, Transcoder } from "./ports";
import { readProbe, type Source } from "./probe";
import { refuseOtherThanVideo, SNIFFED } from "./sniff";
import { spriteCues, spriteOf } from "./sprite";

export interface ProcessOptions {
  readonly objects: Objects;
  readonly transcoder: Transcoder;
  readonly quality: Quality;
  /** Empty, and for this work alone; whoever made it removes it. */
  readonly folder: string;
  readonly sizeBytes: number;
  readonly signal: AbortSignal;
  /** 0 to 99 percent. */
  readonly report: (percent: number) => void;
  /** Asked before anything is written to where others may read it; rejects when the work is another's by now. */
  readonly confirm: () => Promise<void>;
}

/** Share of the whole that is done when the source is here, and when the stream is made; in percent. */
const DOWNLOADED = 5;
const TRANSCODED = 90;
/** Room that a stream needs beside its source, as a multiple of it; small sources make larger streams. */
const ROOM = 2;
/** Files that are uploaded at a time. */
const AT_ONCE = 4;
/** How much may be missing at the end, in seconds and as a share: what containers say is not exact. */
const MISSING = { seconds: 1, share: 0.1 };

/**
 * Makes the stream of a source and uploads it. Rejects with `Poison` when the source is at fault; whatever else it
 * rejects with may pass. The same version gives the same keys, so it can be done again.
 */
export async function processVideo(version: SourceVersion, options: ProcessOptions): Promise<Processed> {
  const { folder, objects, sizeBytes, signal, report } = options;
  if (sizeBytes === 0) throw new Poison("The file is empty.");
  await checkRoom(folder, sizeBytes);
  const file = join(folder, "source");
  await objects.download(version, file, signal);
  report(DOWNLOADED);
  refuseOtherThanVideo(await headOf(file));
  const source = readProbe(await options.transcoder.probe(file, signal));
  const output = join(folder, "stream");
  await mkdir(output);
  await transcode(file, source, output, options);
  await options.confirm();
  const playbackPath = `stream/${version.id}/${runOf(version)}/`;
  await upload(output, playbackPath, options);
  const { width, height, durationSeconds } = source;
  return { playbackPath, width, height, durationSeconds };
}

async function checkRoom(folder: string, sizeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < sizeBytes * ROOM) {
    throw new Error(
      `a source of ${sizeBytes} bytes needs ${ROOM} times as much room, ${folder} has ${bavail * bsize} bytes: give the task a larger disk`,
    );
  }
}

async function headOf(file: string): Promise<Uint8Array> {
  const opened = await open(file);
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(SNIFFED), 0, SNIFFED, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await opened.close();
  }
}

async function transcode(
  file: string,
  source: Source,
  output: string,
  options: ProcessOptions,
): Promise<void> {
  const { transcoder, quality, signal, report } = options;
  const { durationSeconds } = source;
  const sprite = spriteOf(source);
  const done = await transcoder.transcode(
    transcodeArguments({ file, source, ladder: ladderOf(source), sprite, quality }),
    {
      folder: output,
      signal,
      onProgress: (seconds) => {
        const share = Math.min(1, seconds / durationSeconds);
        report(DOWNLOADED + share * (TRANSCODED - DOWNLOADED));
      },
    },
  );
  if (done < durationSeconds * (1 - MISSING.share) - MISSING.seconds) {
    throw new Poison(
      `The video ends after ${Math.floor(done)} of ${Math.round(durationSeconds)} seconds: the file was cut off or is damaged.`,
    );
  }
  await writeFile(join(output, "sprite.vtt"), spriteCues(sprite, durationSeconds));
}

async function upload(output: string, prefix: string, options: ProcessOptions): Promise<void> {
  const { objects, signal, report } = options;
  const entries = await readdir(output, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(output, join(entry.parentPath, entry.name)));
  let done = 0;
  for (const group of inUploadOrder(names)) {
    const rest = [...group];
    const one = async (): Promise<void> => {
      for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
        await objects.upload(prefix + name, join(output, name), headersOf(name), signal);
        report(TRANSCODED + (++done / names.length) * (99 - TRANSCODED));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }
}
