/** Whitespace between tokens. */
const SPACE = /\s*/y;
const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?(?=\s*[,\]})\n]|\s*$)/y;
const WORD = /(true|false|null)(?=\s*[,\]})\n]|\s*$)/y;
const KEY = /[\w-]+/y;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };
const CLOSES: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/**
 * The value of a Terraform expression of objects, lists, strings, numbers and keywords. Other parts (references, calls)
 * stay text: `${aws_sqs_queue.media.arn}`.
 */
export function valueOf(expression: string): unknown {
  const reader = new Reader(expression);
  const value = reader.value();
  reader.end();
  return value;
}

/** The value in `${jsonencode(…)}` or in a JSON string; `undefined` for other texts. */
export function decode(text: string): unknown {
  const call = /^\$\{jsonencode\((.*)\)\}$/s.exec(text);
  if (call?.[1] !== undefined) return valueOf(call[1]);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(): unknown {
    this.match(SPACE);
    const next = this.text[this.at];
    if (next === "{") return this.object();
    if (next === "[") return this.list();
    if (next === '"') {
      // A string followed by an operator ("a" == b) is an expression.
      const start = this.at;
      const text = this.string();
      if (this.atEnd()) return text;
      this.at = start;
    }
    const word = this.match(WORD);
    if (word !== undefined) return JSON.parse(word) as unknown;
    const number = this.match(NUMBER);
    return number === undefined ? this.reference() : Number(number);
  }

  end(): void {
    this.match(SPACE);
    if (this.at < this.text.length) throw this.error("the end");
  }

  private object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.at++;
    while (!this.closed("}")) {
      const key = this.text[this.at] === '"' ? this.string() : this.match(KEY);
      if (key === undefined) throw this.error("a key");
      this.match(SPACE);
      if (!"=:".includes(this.text[this.at] ?? "?")) throw this.error("=");
      this.at++;
      object[key] = this.value();
    }
    return object;
  }

  private list(): unknown[] {
    const list: unknown[] = [];
    this.at++;
    while (!this.closed("]")) list.push(this.value());
    return list;
  }

  /** Whether a list or object ends here; otherwise moves to its next item. */
  private closed(by: string): boolean {
    this.match(SPACE);
    if (this.text[this.at] === ",") this.at++;
    this.match(SPACE);
    if (this.at >= this.text.length) throw this.error(by);
    if (this.text[this.at] !== by) return false;
    this.at++;
    return true;
  }

  /** A quoted string; `${…}` in it is kept, including its quotes. */
  private string(): string {
    let value = "";
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      const rest = this.text.slice(this.at, this.at + 3);
      if (rest === "") throw this.error('"');
      if (rest === "$${") {
        value += rest;
        this.at += 2;
      } else if (rest.startsWith("${")) {
        const start = this.at++;
        this.bracket();
        value += this.text.slice(start, this.at--);
      } else if (rest.startsWith("\\")) value += this.escape();
      else value += rest[0];
    }
    this.at++;
    return value;
  }

  private escape(): string {
    const kind = this.text[++this.at] ?? "";
    const digits = { u: 4, U: 8 }[kind];
    if (digits === undefined) return ESCAPES[kind] ?? kind;
    const code = this.text.slice(this.at + 1, this.at + 1 + digits);
    this.at += digits;
    return String.fromCodePoint(parseInt(code, 16));
  }

  private reference(): string {
    const start = this.at;
    while (!this.atEnd()) {
      const next = this.text[this.at] ?? "";
      if (next === '"') this.string();
      else if (next in CLOSES) this.bracket();
      else this.at++;
    }
    if (start === this.at) throw this.error("a value");
    return `\${${this.text.slice(start, this.at).trim()}}`;
  }

  /** Skips a bracket with its content. */
  private bracket(): void {
    const end = CLOSES[this.text[this.at] ?? ""];
    for (this.at++; this.text[this.at] !== end;) {
      const next = this.text[this.at];
      if (next === undefined) throw this.error(end ?? "a bracket");
      if (next === '"') this.string();
      else if (next in CLOSES) this.bracket();
      else this.at++;
    }
    this.at++;
  }

  private atEnd(): boolean {
    return /^\s*([,\]})]|$)/.test(this.text.slice(this.at));
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private error(wanted: string): Error {
    return new Error(
      `${wanted} expected at ${this.at}: ${this.text.slice(Math.max(0, this.at - 20), this.at + 20)}`,
    );
  }
}
