import type { FileHandle } from "node:fs/promises";

/** An outermost box of an MP4 file: https://www.iso.org/standard/83102.html */
export interface Box {
  /** Four characters, such as `moov`. */
  readonly type: string;
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset after its last byte, as its header says; infinite for a last box without a size. */
  readonly end: number;
}

const SHORT_HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 16;

/** Files of this program have a few boxes, and those of others a few for each fragment. */
const MAX_BOXES = 1_000_000;

/** The outermost boxes of a file, by their headers; ends where there is no header, and after very many. */
export async function* boxesOf(file: FileHandle): AsyncGenerator<Box> {
  const head = Buffer.alloc(LONG_HEADER_BYTES);
  let start = 0;
  for (let count = 0; count < MAX_BOXES; count++) {
    const { bytesRead } = await file.read(head, 0, LONG_HEADER_BYTES, start);
    if (bytesRead < SHORT_HEADER_BYTES) return;
    const short = head.readUInt32BE();
    const bytes = short === 1 && bytesRead === LONG_HEADER_BYTES ? Number(head.readBigUInt64BE(8)) : short;
    const end = bytes === 0 ? Infinity : start + bytes;
    yield { type: head.toString("latin1", 4, 8), start, end };
    if (!Number.isSafeInteger(end) || bytes < SHORT_HEADER_BYTES) return;
    start = end;
  }
}
