import { isDeepStrictEqual } from "node:util";
import { isPlaceholder } from "./placeholders";
import { isObject, jsonIn } from "./list-items";
import type { Attributes, Marks } from "@packages/terraform/plan";
import { isPlace, isSecretName, isVariable } from "./secret-names";

/** Stands for a value that nobody may read here. */
export const MASKED = "(sensitive value)";

/** What no report may hold, whoever forgot to mark it. */
const SECRETS: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /\b(?:gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}|sk_live_\w{16,})/g,
  /(?<=hooks\.slack\.com\/services\/)[\w/]+/g,
  // A password within a URL: the rest of the URL may be seen.
  /(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
];

/** `DB_PASSWORD=…`, `"password": "…"`, within a text. An ARN is consumed whole: its `:secret:` names a place. */
const ASSIGNMENT =
  /\barn:[^\s"',;&}]+|(?<![\w.:-])([\w.-]{0,80}(?:passw|passphrase|_pass|pwd|secret|token|key)[\w.-]{0,80})(["']?\s*[=:]\s*["']?)([^\s"',;&}]{6,})/gi;

/** Members that hold the name and the value of a pair such as a container's environment variable. */
const PAIR_NAME = /^(?:name|key|variable|(?:header|option|parameter)_?(?:name|key))$/i;
const PAIR_VALUE = /^(?:parameter_?)?values?$/i;

/** A secret shorter than this is masked, but not called out: it may as well be a word of a list. */
const SHORTEST_SECRET = 6;

/** Why a value may not be read: Terraform marks it, its name says secret, or it looks like a secret. */
type Reason = "mark" | "name" | "pattern";

/** Gives what stands for a value that may not be read. */
export type Cover = (value: unknown, reason: Reason, path: string) => string;

/** Every member of a list has these marks. */
class EveryMember {
  constructor(readonly marks: Marks) {}
}

export interface MaskOptions {
  /** Where the value stands: its last part is its name. */
  readonly path?: string;
  readonly cover?: Cover;
}

/**
 * A value without what must not be read: what Terraform marks as sensitive, what looks like a secret, and what has
 * the name of one. Unknown keys and shapes stay as they are.
 */
export function masked(
  value: unknown,
  marks: Marks,
  { path = "", cover = () => MASKED }: MaskOptions = {},
): unknown {
  return new Masker(cover).mask(value, { path, name: nameOf(path), marks });
}

/** A text without what looks like a secret. */
export function maskedText(text: string, name = ""): string {
  return masked(text, undefined, { path: name }) as string;
}

/** Notes secrets that Terraform does not know to be secret, by their paths, while they are covered. */
export function noting(found: Map<string, unknown>, cover: Cover = () => MASKED): Cover {
  return (secret, reason, path) => {
    const isTold = reason === "pattern" || (reason === "name" && String(secret).length >= SHORTEST_SECRET);
    if (isTold) found.set(path, secret);
    return cover(secret, reason, path);
  };
}

/** Marks of a value that must not be read because of either side of a change. */
export function eitherMarks(one: Marks, other: Marks): Marks {
  if (one === true || other === true) return true;
  if (isDeepStrictEqual(one, other)) return one;
  if (Array.isArray(one) || Array.isArray(other)) {
    // Members may have changed their places from one side to the other.
    return new EveryMember([one, other].flat().reduce<Marks>(eitherMarks, undefined));
  }
  const [left, right]: Attributes[] = [isObject(one) ? one : {}, isObject(other) ? other : {}];
  const keys = [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])];
  return Object.fromEntries(keys.map((key) => [key, eitherMarks(left?.[key], right?.[key])]));
}

/** Covers different values differently, so that a change of a secret is told from none; `uncovered` ends that. */
export function distinctCover(): Cover {
  const numbers = new Map<string, number>();
  return (value) => {
    const key = JSON.stringify(value);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return `${MASKED}\ue000${number}\ue000`;
  };
}

/** A value as it is shown: all that is masked reads the same. */
export function uncovered<Shown>(value: Shown): Shown {
  if (typeof value === "string") return value.replace(/\ue000\d+\ue000/g, "") as Shown;
  if (Array.isArray(value)) return value.map((member) => uncovered(member as unknown)) as Shown;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [uncovered(key), uncovered(member)]),
  ) as Shown;
}

/** Where a value stands, and what Terraform marks in it. */
interface Place {
  readonly path: string;
  /** Tells whether the value is secret. */
  readonly name: string;
  readonly marks: Marks;
}

class Masker {
  constructor(private readonly cover: Cover) {}

  /** Gives the very value where nothing in it is masked. */
  mask(value: unknown, place: Place): unknown {
    const { path, name, marks } = place;
    if (value === null || value === undefined || isPlaceholder(value)) return value;
    if (marks === true) return this.cover(value, "mark", path);
    if (Array.isArray(value)) return this.maskList(value, place);
    if (isObject(value)) return this.maskObject(value, place);
    if (typeof value === "number") {
      return isSecretName(name) && !isPlace(String(value)) ? this.cover(value, "name", path) : value;
    }
    return typeof value === "string" ? this.maskText(value, place) : value;
  }

  private maskList(list: readonly unknown[], { path, name, marks }: Place): readonly unknown[] {
    const members = list.map((member, index) =>
      this.mask(member, { path: below(path, String(index)), name, marks: memberMarks(marks, index) }),
    );
    return members.every((member, index) => member === list[index]) ? list : members;
  }

  private maskObject(value: Attributes, { path, marks }: Place): Attributes {
    const each = isObject(marks) ? marks : {};
    const keys = Object.keys(value);
    const pair = keys.map((key) => (PAIR_NAME.test(key) ? value[key] : undefined)).find(isText);
    const members = keys.map((key) => {
      const name = pair !== undefined && PAIR_VALUE.test(key) ? pair : key;
      return [key, this.mask(value[key], { path: below(path, name), name, marks: each[key] })] as const;
    });
    return members.every(([key, member]) => member === value[key]) ? value : Object.fromEntries(members);
  }

  private maskText(text: string, { path, name }: Place): string {
    if (isSecretName(name) && !isPlace(text)) return this.cover(text, "name", path);
    const held = jsonIn(text);
    if (held !== undefined) {
      const shown = this.mask(held, { path, name, marks: undefined });
      return shown === held ? text : JSON.stringify(shown);
    }
    const rest = SECRETS.reduce(
      (left, pattern) => left.replace(pattern, (secret) => this.cover(secret, "pattern", path)),
      text,
    );
    return rest.replace(ASSIGNMENT, (all: string, ...groups: [string | undefined, string, string]) => {
      const [key, sign, secret] = groups;
      if (key === undefined || !isSecretName(key) || isPlace(secret) || isVariable(secret)) return all;
      return secret.startsWith("(sensitive") ? all : `${key}${sign}${this.cover(secret, "pattern", path)}`;
    });
  }
}

function memberMarks(marks: Marks, index: number): Marks {
  if (marks instanceof EveryMember) return marks.marks;
  return Array.isArray(marks) ? (marks[index] as Marks) : undefined;
}

const isText = (value: unknown): value is string => typeof value === "string";
const below = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);
const nameOf = (path: string): string => path.split(".").at(-1) ?? "";
