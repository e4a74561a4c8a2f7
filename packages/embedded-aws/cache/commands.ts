/** A client's command: its bytes, and its words if it is one of Redis's serialization protocol. */
export interface CommandBytes {
  readonly bytes: Buffer;
  readonly words: readonly string[];
}

const NEWLINE = "\r\n";
const ARRAY = "*".charCodeAt(0);
const BULK = "$".charCodeAt(0);
/** Only the words of short commands are needed; values of others are not decoded. */
const MAX_DECODED_BYTES = 10_000;

/** Splits the bytes that a client sends into commands. */
export class CommandReader {
  private rest: Buffer = Buffer.alloc(0);

  /** Adds bytes; returns the commands that are complete. */
  read(chunk: Buffer): CommandBytes[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const commands: CommandBytes[] = [];
    for (let length = this.next(); length > 0; length = this.next()) {
      const bytes = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      commands.push({ bytes, words: wordsOf(bytes) });
    }
    return commands;
  }

  /** Length of the first command in bytes; 0 if it is not complete. Everything that is not an array is one line. */
  private next(): number {
    const head = this.line(0);
    if (head === undefined || this.rest[0] !== ARRAY) return head?.end ?? 0;
    let { end } = head;
    for (let count = head.number; count > 0; count--) {
      const item = this.line(end);
      if (item === undefined) return 0;
      end = this.rest[end] === BULK ? item.end + item.number + NEWLINE.length : item.end;
      if (end > this.rest.length) return 0;
    }
    return end;
  }

  private line(start: number): { readonly number: number; readonly end: number } | undefined {
    const newline = this.rest.indexOf("\n", start);
    if (newline < 0) return undefined;
    const number = Number.parseInt(this.rest.toString("latin1", start + 1, newline), 10);
    return { number: Number.isNaN(number) ? 0 : number, end: newline + 1 };
  }
}

function wordsOf(bytes: Buffer): readonly string[] {
  if (bytes.length > MAX_DECODED_BYTES) return [];
  const text = bytes.toString("latin1");
  if (bytes[0] !== ARRAY) return text.trim().split(/\s+/);
  const words: string[] = [];
  for (let at = text.indexOf("$"); at >= 0; at = text.indexOf("$", at)) {
    const start = text.indexOf("\n", at) + 1;
    const length = Number.parseInt(text.slice(at + 1, start), 10);
    words.push(bytes.toString("utf8", start, start + length));
    at = start + length;
  }
  return words;
}

/** A command as an array of strings in Redis's serialization protocol. */
export function encodeCommand(words: readonly string[]): Buffer {
  const items = words.map((word) => `$${Buffer.byteLength(word)}${NEWLINE}${word}${NEWLINE}`);
  return Buffer.from(`*${words.length}${NEWLINE}${items.join("")}`);
}
