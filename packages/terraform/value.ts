import { decode } from "./expression";

/** A part of the synthesized JSON. Missing parts are empty; never throws. */
export class Value {
  constructor(readonly raw: unknown) {}

  /** The value at `a.b.c`. A block can be an object or a list of one. */
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

  /** The number, also from a string; `NaN`, which fails every comparison, if there is none. */
  get number(): number {
    return this.text === "" ? NaN : Number(this.text);
  }

  get isTrue(): boolean {
    return this.raw === true || this.raw === "true";
  }

  /** Items of a list; a single value is a list of one. */
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

  /** The value encoded in the string: `${jsonencode(…)}` or JSON. */
  get json(): Value {
    return new Value(typeof this.raw === "string" ? decode(this.raw) : this.raw);
  }
}
