/** The value of Terraform's `${jsonencode(…)}`; what is only known at apply stays as `${reference}`. */
export function decode(expression: string): unknown {
  const match = /^\$\{jsonencode\((.*)\)\}$/s.exec(expression);
  return match?.[1] === undefined ? (JSON.parse(expression) as unknown) : new Reader(match[1]).value();
}

/** Reads the part of HCL's expressions that CDKTF writes within jsonencode. */
class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(): unknown {
    this.blank();
    const next = this.text[this.at];
    if (next === "{") return this.object();
    if (next === "[") return this.list();
    if (next === '"') return this.string();
    return this.bare();
  }

  private object(): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    this.at++;
    for (this.blank(); this.text[this.at] !== "}"; this.blank()) {
      const name = this.string();
      this.blank();
      this.expect("=");
      members[name] = this.value();
      this.blank();
      if (this.text[this.at] === ",") this.at++;
    }
    this.at++;
    return members;
  }

  private list(): unknown[] {
    const members: unknown[] = [];
    this.at++;
    for (this.blank(); this.text[this.at] !== "]"; this.blank()) {
      members.push(this.value());
      this.blank();
      if (this.text[this.at] === ",") this.at++;
    }
    this.at++;
    return members;
  }

  private string(): string {
    const start = ++this.at;
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      const two = this.text.slice(this.at, this.at + 2);
      if (two === "${") depth++;
      else if (this.text[this.at] === "}" && depth > 0) depth--;
      else if (two[0] === "\\") this.at++;
      else if (two[0] === '"' && depth === 0) break;
    }
    const raw = this.text.slice(start, this.at++);
    return raw.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
  }

  /** A number, a truth value, or a reference up to the end of its member. */
  private bare(): unknown {
    const start = this.at;
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      const next = this.text[this.at] ?? "";
      if ("([{".includes(next)) depth++;
      else if (depth > 0 && ")]}".includes(next)) depth--;
      else if (depth === 0 && ",]}".includes(next)) break;
    }
    const word = this.text.slice(start, this.at).trim();
    return /^(true|false|null|-?\d+(\.\d+)?)$/.test(word) ? (JSON.parse(word) as unknown) : `\${${word}}`;
  }

  private blank(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
  }

  private expect(mark: string): void {
    if (this.text[this.at] !== mark) {
      throw new Error(`expected "${mark}" at ${this.at} of ${this.text.slice(0, 80)}…`);
    }
    this.at++;
  }
}
