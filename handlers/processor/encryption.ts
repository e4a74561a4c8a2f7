import { type FileHandle, open } from "node:fs/promises";

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
  const head = Buffer.alloc(16);
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(head, 0, 16, at);
    if (bytesRead < 8) return undefined;
    const short = head.readUInt32BE();
    const size = short === 1 && bytesRead === 16 ? Number(head.readBigUInt64BE(8)) : short;
    if (head.toString("latin1", 4, 8) === "moov") {
      const box = Buffer.alloc(Math.min(MAX_SEARCHED_BYTES, size === 0 ? MAX_SEARCHED_BYTES : size));
      const read = await file.read(box, 0, box.length, at);
      return box.subarray(0, read.bytesRead);
    }
    // A box of size 0 reaches to the end of the file.
    if (size < 8) return undefined;
    at += size;
  }
}
