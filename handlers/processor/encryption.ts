import { type FileHandle, open } from "node:fs/promises";
import { boxesOf } from "./mp4-boxes";

/** Bytes of an index that are searched: its descriptions of tracks come early. */
const MAX_SEARCHED_BYTES = 16 << 20;
/** Sample entries of encrypted tracks: ISO/IEC 23001-7, and Apple's. */
const ENCRYPTED_ENTRIES = ["encv", "drmi"];

/** Whether the video of an MP4 is encrypted; ffmpeg opens such files and decodes noise. */
export async function isEncryptedMp4(file: string): Promise<boolean> {
  const opened = await open(file);
  try {
    const index = await indexOf(opened);
    // A sample entry is followed by six zeros.
    return (
      index !== undefined &&
      ENCRYPTED_ENTRIES.some((name) => index.includes(`${name}\0\0\0\0\0\0`, 0, "latin1"))
    );
  } finally {
    await opened.close();
  }
}

/** The box `moov` among the outermost boxes, or its beginning. */
async function indexOf(file: FileHandle): Promise<Buffer | undefined> {
  for await (const { type, start, end } of boxesOf(file)) {
    if (type !== "moov") continue;
    const box = Buffer.alloc(Math.min(MAX_SEARCHED_BYTES, end - start));
    const { bytesRead } = await file.read(box, 0, box.length, start);
    return box.subarray(0, bytesRead);
  }
  return undefined;
}
