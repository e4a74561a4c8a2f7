import type { AttributeChange } from "../attribute-changes";
import type { Severity } from "../finding";
import { isPlaceholder } from "../placeholders";

/** What happens to a value, and in which words a review says it. */
export interface Transition {
  /** For the table of rules: `turned off`. */
  readonly words: string;
  /** `is turned off`, or undefined if it does not happen. */
  readonly describe: (change: AttributeChange) => string | undefined;
  /** A change that it reports, and one that it does not: values before and after. */
  readonly example: { readonly reported: Sides; readonly ignored: Sides };
}

type Sides = readonly [before: unknown, after: unknown];

/** An example whose opposite is harmless. */
const oneWay = (before: unknown, after: unknown): Transition["example"] => ({
  reported: [before, after],
  ignored: [after, before],
});

/** A change of an attribute that reviewers must not miss, for all types that have such an attribute. */
export interface AttributeRule extends Transition {
  /** Resource types; `*` at the end matches any text. */
  readonly types: readonly string[];
  /** Ends of paths: `multi_az`, or `versioning_configuration.status`. */
  readonly attributes: readonly string[];
  readonly severity: Severity;
  readonly rule: "protection-lowered" | "outage" | "no-way-back" | "redirected";
  /** Why it matters. */
  readonly why?: string | undefined;
}

export const EVERY_TYPE: readonly string[] = ["*"];

/** Words of switches that are off. */
const OFF = new Set(["", "0", "false", "off", "none", "disabled", "disable", "inactive", "suspended", "no"]);

/** Whether a switch is on: true, a number above 0, or a word that does not say off. */
export function isOn(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value === undefined || value === null || isPlaceholder(value)) return false;
  return !OFF.has(wordOf(value).toLowerCase());
}

const isUnknown = (value: unknown): boolean => isPlaceholder(value);
/** The words for a value that is known only after apply. */
const later = ({ after }: AttributeChange): string | undefined =>
  isUnknown(after) ? "is known only after apply" : undefined;

export const turnedOff: Transition = {
  words: "turned off",
  example: oneWay(true, false),
  describe: (change) => {
    if (!isOn(change.before)) return undefined;
    return later(change) ?? (isOn(change.after) ? undefined : "is turned off");
  },
};

export const turnedOn: Transition = {
  words: "turned on",
  example: oneWay(false, true),
  describe: (change) => {
    if (isOn(change.before)) return undefined;
    return later(change) ?? (isOn(change.after) ? "is turned on" : undefined);
  },
};

/** A number that gets smaller. A value that is removed is not compared. */
export const decreased: Transition = {
  words: "decreased",
  example: oneWay(7, 1),
  describe: (change) => moved(change, (old, next) => next < old),
};

/** A retention in a unit; a missing value, or 0 where `zero` is set, means forever. */
export const shortened = (unit: string, { forever }: { readonly forever: "none" | "zero" }): Transition => ({
  words: "shortened",
  example: oneWay(30, 7),
  describe: (change) => {
    const [old, next] = [change.before, change.after].map((side) => retention(side, forever));
    if (old === undefined || next === undefined) return undefined;
    const goes = old === Infinity ? `is limited to ${next}` : `goes from ${old} to ${next}`;
    return later(change) ?? (next < old ? `${goes}${unit}` : undefined);
  },
});

export const increased = (unit = ""): Transition => ({
  words: "increased",
  example: oneWay(1, 7),
  describe: (change) => moved(change, (old, next) => next > old, unit),
});

/** The words for a number that moves in the harmful direction, or is known only after apply. */
function moved(
  change: AttributeChange,
  isWorse: (old: number, next: number) => boolean,
  unit = "",
): string | undefined {
  const [old, next] = [numberOf(change.before), numberOf(change.after)];
  const unknown = old > 0 ? later(change) : undefined;
  return unknown ?? (isWorse(old, next) ? `goes from ${old} to ${next}${unit}` : undefined);
}

export const becomesZero: Transition = {
  words: "set to 0",
  example: oneWay(2, 0),
  describe: (change) => {
    if (numberOf(change.before) === 0) return undefined;
    return numberOf(change.after) === 0 ? "becomes 0" : undefined;
  },
};

/** A list from which items are removed, or that is emptied. */
export const shrunk: Transition = {
  words: "emptied, or loses items",
  example: oneWay(["a", "b"], ["a"]),
  describe: (change) => {
    const [old, next] = [listOf(change.before), listOf(change.after)];
    if (old.length === 0) return undefined;
    if (isUnknown(change.after)) return "is known only after apply";
    if (next.length === 0) return "is emptied";
    const gone = old.filter((one) => !next.includes(one));
    return gone.length === 0 ? undefined : `loses ${gone.map(wordOf).join(", ")}`;
  },
};

/** A list that gets more items. */
export const grown: Transition = {
  words: "gets items",
  example: oneWay(["a"], ["a", "b"]),
  describe: (change) => {
    const [old, next] = [listOf(change.before), listOf(change.after)];
    if (isUnknown(change.after)) return "is known only after apply";
    const added = next.filter((one) => !old.includes(one));
    return added.length === 0 ? undefined : `gets ${added.map(wordOf).join(", ")}`;
  },
};

/** A text that gets more words, such as the rules of an access list. */
export const moreWords: Transition = {
  words: "gets words",
  example: oneWay("on +get", "on +get +set"),
  describe: ({ before, after, ...change }) =>
    grown.describe({ ...change, before: wordsOf(before), after: isUnknown(after) ? after : wordsOf(after) }),
};

/** A version whose first number changes. */
export const newMajorVersion: Transition = {
  words: "another major version",
  example: { reported: ["16.4", "17.1"], ignored: ["16.4", "16.5"] },
  describe: (change) => {
    const [old, next] = [change.before, change.after].map(
      (side) => /\d+/.exec(typeof side === "string" ? side : "")?.[0],
    );
    if (old === undefined) return undefined;
    if (isUnknown(change.after)) return "is known only after apply";
    return next === undefined || old === next ? undefined : `goes from ${old} to ${next}`;
  },
};

/** A value that is removed, such as the key of an encryption. */
export const removed: Transition = {
  words: "removed",
  example: oneWay("a", undefined),
  describe: ({ before, after }) =>
    isOn(before) && !isOn(after) && !isUnknown(after) ? "is removed" : undefined,
};

/** A value that is exchanged for another. */
export const exchanged: Transition = {
  words: "exchanged",
  example: { reported: ["a", "b"], ignored: [undefined, "a"] },
  describe: ({ before, after }) => {
    if (!isOn(before)) return undefined;
    if (isUnknown(after)) return "changes to a value that is known only after apply";
    return isOn(after) ? `goes from ${textOf(before)} to ${textOf(after)}` : "is removed";
  },
};

/** A value that changes at all, also if it is added or removed. */
export const changed: Transition = {
  words: "changed",
  example: { reported: ["a", "b"], ignored: ["a", "a"] },
  describe: ({ before, after }) => {
    if (before === after) return undefined;
    if (isUnknown(after)) return "changes to a value that is known only after apply";
    if (before === undefined) return `becomes ${textOf(after)}`;
    return after === undefined ? "is removed" : `goes from ${textOf(before)} to ${textOf(after)}`;
  },
};

/** Code or images that come from another account or registry than before. */
export const otherOrigin: Transition = {
  words: "taken from another account or registry",
  example: {
    reported: [
      ["arn:aws:lambda:us-east-1:111122223333:layer:a:1"],
      ["arn:aws:lambda:us-east-1:444455556666:layer:a:1"],
    ],
    ignored: [
      ["arn:aws:lambda:us-east-1:111122223333:layer:a:1"],
      ["arn:aws:lambda:us-east-1:111122223333:layer:a:2"],
    ],
  },
  describe: ({ before, after }) => {
    if (listOf(before).length === 0 || isUnknown(after)) return undefined;
    const known = new Set(listOf(before).map(originOf));
    const others = listOf(after)
      .map(originOf)
      .filter((origin) => origin !== "" && !known.has(origin));
    return others.length === 0 ? undefined : `comes from ${[...new Set(others)].join(", ")}`;
  },
};

/** The account of an ARN or registry, the host of another registry, or the owner of an image without one. */
function originOf(value: unknown): string {
  if (typeof value !== "string" || isUnknown(value)) return "";
  const [, account] =
    /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(value) ?? /^(\d{12})\.dkr\.ecr\./.exec(value) ?? [];
  if (account !== undefined) return `account ${account}`;
  const [host = "", ...rest] = value.split("/");
  if (rest.length === 0) return "Docker Hub";
  return /[.:]/.test(host) || host === "localhost" ? host : `${host} on Docker Hub`;
}

/** A value that becomes one of these, such as `Allow`. */
export const becomes = (values: readonly (string | boolean | number)[]): Transition => ({
  words: `set to ${values.join(" or ")}`,
  example: oneWay("another", values[0]),
  describe: (change) => {
    const [was, is] = [change.before, change.after].map((side) =>
      values.some((value) => isSame(side, value)),
    );
    return (was ? undefined : later(change)) ?? (is && !was ? `becomes ${textOf(change.after)}` : undefined);
  },
});

/** A value that is no longer one of these, such as `required`. */
export const leaves = (values: readonly string[]): Transition => ({
  words: `changed from ${values.join(" or ")}`,
  example: oneWay(values[0], "another"),
  describe: (change) => {
    const [was, is] = [change.before, change.after].map((side) =>
      values.some((value) => isSame(side, value)),
    );
    if (!was || is) return undefined;
    return later(change) ?? (change.after === undefined ? "is removed" : `becomes ${textOf(change.after)}`);
  },
});

/** A word of a scale from the strongest to the weakest that gets weaker. */
export const weaker = (scale: readonly string[]): Transition => ({
  words: `lowered on the scale ${scale.join(", ")}`,
  example: oneWay(scale[0], scale.at(-1)),
  describe: (change) => {
    const [old, next] = [change.before, change.after].map((side) =>
      scale.findIndex((word) => isSame(side, word)),
    );
    if (old === undefined || old < 0) return undefined;
    return later(change) ?? ((next ?? 0) > old ? `becomes ${textOf(change.after)}` : undefined);
  },
});

/** A TLS version, or the name of a policy with one, that allows an older version. */
export const olderTls: Transition = {
  words: "lowered",
  example: oneWay("TLSv1.2_2021", "TLSv1"),
  describe: (change) => {
    const [old, next] = [tlsVersion(change.before), tlsVersion(change.after)];
    if (old === undefined) return undefined;
    if (isUnknown(change.after)) return "is known only after apply";
    if (next === undefined) return change.after === undefined ? "is removed" : undefined;
    return next < old ? `goes from ${textOf(change.before)} to ${textOf(change.after)}` : undefined;
  },
};

/** `TLSv1.2_2021`, `ELBSecurityPolicy-TLS13-1-2-2021-06`, `TLS1_2`, `1.2`: the oldest version that it allows. */
function tlsVersion(value: unknown): number | undefined {
  const text = String((value as string | undefined) ?? "");
  if (/SSLv3/i.test(text)) return 0;
  const [, minor] = /TLS13-1-([0-3])/i.exec(text) ?? /(?:TLS[-_ ]?v?|^)1[._-]?([0-3])?/i.exec(text) ?? [];
  return /TLS|^1[._]\d/i.test(text) ? 1 + Number(minor ?? 0) / 10 : undefined;
}

const wordsOf = (value: unknown): string[] =>
  typeof value === "string" ? value.split(/\s+/).filter(Boolean) : [];

const wordOf = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "");

const listOf = (value: unknown): unknown[] =>
  value === undefined || value === null || isUnknown(value) ? [] : [value].flat();

function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  const [, digits] = /^(-?\d+(?:\.\d+)?)s?$/.exec(typeof value === "string" ? value : "") ?? [];
  return digits === undefined ? NaN : Number(digits);
}

function retention(value: unknown, forever: "none" | "zero"): number | undefined {
  if (value === undefined) return Infinity;
  const number = numberOf(value);
  if (Number.isNaN(number)) return isUnknown(value) ? 0 : undefined;
  return number <= 0 && forever === "zero" ? Infinity : number;
}

const isSame = (one: unknown, other: unknown): boolean =>
  wordOf(one).toLowerCase() === wordOf(other).toLowerCase();

function textOf(value: unknown): string {
  const text = Array.isArray(value) ? value.map(wordOf).join(", ") : wordOf(value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}

/** Whether a type matches a pattern such as `aws_*`. */
export function matchesType(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

/** Finds the rules of an attribute by the last name of its path. */
export class AttributeIndex<Rule extends Pick<AttributeRule, "types" | "attributes">> {
  private readonly byName = new Map<string, { end: string; rule: Rule }[]>();

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      for (const end of rule.attributes) {
        const name = end.slice(end.lastIndexOf(".") + 1);
        const known = this.byName.get(name) ?? [];
        known.push({ end, rule });
        this.byName.set(name, known);
      }
    }
  }

  of(type: string, path: string): Rule[] {
    const candidates = this.byName.get(path.slice(path.lastIndexOf(".") + 1)) ?? [];
    return candidates
      .filter(({ end, rule }) => isEnd(end, path) && rule.types.some((pattern) => matchesType(pattern, type)))
      .map(({ rule }) => rule);
  }
}

function isEnd(end: string, path: string): boolean {
  return path === end || path.endsWith(`.${end}`);
}
