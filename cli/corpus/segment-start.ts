import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Time in seconds at which a player shows the first frame of a playlist, by the boxes of its first segment. */
export function startOf(playlist: string): number {
  const text = readFileSync(playlist, "utf8");
  const file = (pattern: RegExp): Buffer => readFileSync(join(playlist, "..", pattern.exec(text)?.[1] ?? ""));
  const unitsPerSecond = mediaTimescale(file(/^#EXT-X-MAP:URI="([^"]+)"/m));
  const segment = file(/^([^#\s].*)$/m);
  return (decodeTime(segment) + firstCompositionTime(segment)) / unitsPerSecond;
}

/** The content of the first box of a type, after its version and flags. */
function fullBox(bytes: Buffer, type: string) {
  const at = bytes.indexOf(type, 0, "latin1");
  if (at < 0) throw new Error(`the file has no box ${type}`);
  return {
    version: bytes.readUInt8(at + 4),
    flags: bytes.readUIntBE(at + 5, 3),
    content: bytes.subarray(at + 8),
  };
}

function mediaTimescale(init: Buffer): number {
  const { version, content } = fullBox(init, "mdhd");
  return content.readUInt32BE(version === 1 ? 16 : 8);
}

function decodeTime(segment: Buffer): number {
  const { version, content } = fullBox(segment, "tfdt");
  return version === 1 ? Number(content.readBigUInt64BE()) : content.readUInt32BE();
}

/** The earliest composition time of the first samples, after the decode time of the first. */
function firstCompositionTime(segment: Buffer): number {
  const { flags, version, content } = fullBox(segment, "trun");
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const samples = content.readUInt32BE();
  const duration = defaultDuration(segment);
  const fields = [0x100, 0x200, 0x400, 0x800].filter(has);
  let at = 4 + (has(0x1) ? 4 : 0) + (has(0x4) ? 4 : 0);
  let time = 0;
  let earliest = Infinity;
  for (let sample = 0; sample < samples; sample++) {
    const values = new Map(fields.map((field, index) => [field, at + 4 * index]));
    const offset = values.get(0x800);
    const shift =
      offset === undefined ? 0 : version === 1 ? content.readInt32BE(offset) : content.readUInt32BE(offset);
    earliest = Math.min(earliest, time + shift);
    const own = values.get(0x100);
    time += own === undefined ? duration : content.readUInt32BE(own);
    at += 4 * fields.length;
  }
  return earliest;
}

/** Duration of samples without an own one. */
function defaultDuration(segment: Buffer): number {
  const { flags, content } = fullBox(segment, "tfhd");
  if ((flags & 0x8) === 0) return 0;
  return content.readUInt32BE(4 + ((flags & 0x1) === 0 ? 0 : 8) + ((flags & 0x2) === 0 ? 0 : 4));
}
