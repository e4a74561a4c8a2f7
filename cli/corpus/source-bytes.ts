import { ffprobe } from "../../harness/clips";

/** Id of the element Duration in Matroska, with the length of its double. */
const MATROSKA_DURATION = Buffer.from([0x44, 0x89, 0x88]);
const SEGMENT_ID = 0x18538067;
const CLUSTER_ID = 0x1f43b675;
const SIMPLE_BLOCK_ID = 0xa3;

/** The Matroska file with another length in its header, in milliseconds. */
export function withMatroskaDuration(mkv: Buffer, milliseconds: number): Buffer {
  const copy = Buffer.from(mkv);
  copy.writeDoubleBE(milliseconds, copy.indexOf(MATROSKA_DURATION) + MATROSKA_DURATION.length);
  return copy;
}

interface Element {
  readonly id: number;
  /** Start of the id. */
  readonly start: number;
  /** Start of the content. */
  readonly content: number;
  readonly end: number;
}

/** Elements in a part of a Matroska file, including those in its segment and clusters. */
function* elementsIn(bytes: Buffer, from: number, to: number): Generator<Element> {
  for (let start = from; start < to;) {
    const idLength = Math.clz32((bytes[start] ?? 0) << 24) + 1;
    const id = bytes.readUIntBE(start, idLength);
    const sizeAt = start + idLength;
    const sizeLength = Math.clz32((bytes[sizeAt] ?? 0) << 24) + 1;
    const content = sizeAt + sizeLength;
    const end = content + sizeIn(bytes.subarray(sizeAt, content));
    yield { id, start, content, end };
    if (id === SEGMENT_ID || id === CLUSTER_ID) yield* elementsIn(bytes, content, end);
    start = end;
  }
}

/** The number in an EBML size, without the marker of its length. */
function sizeIn(bytes: Buffer): number {
  return bytes.reduce(
    (size, byte, index) => size * 256 + (index === 0 ? byte & (0xff >> bytes.length) : byte),
    0,
  );
}

function element(id: number, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  const idLength = Math.ceil(id.toString(16).length / 2);
  head.writeUIntBE(id, 0, idLength);
  head.writeUInt32BE(0x10000000 + content.length, idLength);
  return Buffer.concat([head.subarray(0, idLength + 4), content]);
}

/** The Matroska file with its first key frame once more at its end, stamped with another time. */
export function withFarBlock(mkv: Buffer, milliseconds: number): Buffer {
  const elements = [...elementsIn(mkv, 0, mkv.length)];
  const segment = elements.find(({ id }) => id === SEGMENT_ID);
  const keyFrame = elements.find(
    ({ id, content }) =>
      id === SIMPLE_BLOCK_ID && mkv[content] === 0x81 && ((mkv[content + 3] ?? 0) & 0x80) !== 0,
  );
  if (segment === undefined || keyFrame === undefined) throw new Error("the file has no Matroska key frame");
  const block = Buffer.from(mkv.subarray(keyFrame.content, keyFrame.end));
  block.writeInt16BE(0, 1);
  const time = Buffer.alloc(6);
  time.writeUIntBE(0xe784, 0, 2);
  time.writeUInt32BE(milliseconds, 2);
  const cluster = element(CLUSTER_ID, Buffer.concat([time, element(SIMPLE_BLOCK_ID, block)]));
  const copy = Buffer.concat([mkv, cluster]);
  // The segment's size has eight bytes, the first of which marks this length.
  copy.writeUIntBE(segment.end - segment.content + cluster.length, segment.content - 6, 6);
  return copy;
}

/** The file with zeros instead of the packets of its picture, from a number on. */
export function withoutPackets(bytes: Buffer, file: string, first: number): Buffer {
  const copy = Buffer.from(bytes);
  const { packets } = ffprobe("-select_streams", "v", "-show_entries", "packet=pos,size", file) as {
    packets: { pos: string; size: string }[];
  };
  for (const { pos, size } of packets.slice(first)) copy.fill(0, Number(pos), Number(pos) + Number(size));
  return copy;
}

/** The bytes with each text replaced at its first place. */
export function withTexts(bytes: Buffer, texts: Readonly<Record<string, string>>): Buffer {
  const copy = Buffer.from(bytes);
  for (const [old, text] of Object.entries(texts)) {
    const at = copy.indexOf(old, 0, "latin1");
    if (at < 0 || old.length !== text.length) throw new Error(`${old} can't become ${text}`);
    copy.write(text, at, "latin1");
  }
  return copy;
}

function box(type: string, ...content: readonly (string | Buffer)[]): Buffer {
  const body = Buffer.concat(
    content.map((part) => (typeof part === "string" ? Buffer.from(part, "hex") : part)),
  );
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
}

/** A photo in HEIC, whose picture is noise: its boxes as a telephone writes them. */
export function heic(noise: Buffer): Buffer {
  const text = (value: string): Buffer => Buffer.from(value, "latin1");
  const none = "00000000";
  return Buffer.concat([
    box("ftyp", text("heic"), none, text("mif1heic")),
    box(
      "meta",
      none,
      box("hdlr", none, none, text("pict"), "00".repeat(13)),
      box("pitm", none, "0001"),
      box("iloc", none, "4400", "0001", "0001", "0000", "0001", "00000190", "00007530"),
      box("iinf", none, "0001", box("infe", "02000000", "0001", "0000", text("hvc1"), "00")),
      box(
        "iprp",
        box("ipco", box("ispe", none, "00000fc0", "00000bd0")),
        box("ipma", none, "00000001", "0001", "01", "01"),
      ),
    ),
    box("mdat", noise),
  ]);
}
