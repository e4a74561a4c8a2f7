import { decode } from "./expression";

/** A part of the synthesized JSON, whatever its shape: what is not there is empty, and never throws. */
export class Value {
  constructor(readonly raw: unknown) {}

  /** What is at `a.b.c`. A block is found whether it is written as an object or as a list of one. */
  at(path: string): Value {
    return path.split(".").reduce((value: Value, key) => {
      const raw: unknown = Array.isArray(value.raw) ? value.raw[0] : value.raw;
      if (typeof raw !== "object" || raw === null) return new Value(undefined);
      return new Value(Object.hasOwn(raw, key) ? (raw as Record<string, unknown>)[key] : undefined);
    }, this);
  }

  get exists(): boolean {
    return this.raw !== undefined && this.raw !== null;
  }

  get text(): string {
    return typeof this.raw === "string" || typeof this.raw === "number" ? String(this.raw) : "";
  }

  /** The number, also one written as text; `NaN`, which no comparison accepts, when there is none. */
  get number(): number {
    return this.text === "" ? NaN : Number(this.text);
  }

  get isTrue(): boolean {
    return this.raw === true || this.raw === "true";
  }

  /** Each member of a list; a thing that stands alone is a list of one. */
  get list(): Value[] {
    if (!this.exists) return [];
    return (Array.isArray(this.raw) ? this.raw : [this.raw]).map((member) => new Value(member));
  }

  get texts(): string[] {
    return this.list.map(({ text }) => text);
  }

  get keys(): string[] {
    return typeof this.raw === "object" && this.raw !== null ? Object.keys(this.raw) : [];
  }

  /** The value that the text encodes: `${jsonencode(…)}` or JSON. */
  get json(): Value {
    return new Value(typeof this.raw === "string" ? decode(this.raw) : this.raw);
  }
}
