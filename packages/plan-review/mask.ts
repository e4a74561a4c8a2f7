import { isDeepStrictEqual } from "node:util";
import { isPlaceholder } from "./placeholders";
import { isObject, jsonIn } from "./list-items";
import type { Attributes, Marks } from "@packages/terraform/plan";
import { isPlace, isSecretName, isVariable } from "./secret-names";

/** Placeholder of sensitive values. */
export const MASKED = "(sensitive value)";

/** Patterns of secrets, which are masked even if not marked as sensitive. */
const SECRETS: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----|$)/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /\b(?:gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}|sk_live_\w{16,})/g,
  /(?<=hooks\.slack\.com\/services\/)[\w/]+/g,
  // A password in a URL; the rest of the URL stays visible.
  /(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g,
  // Signatures of URLs that are signed: Azure's and AWS's.
  /(?<=[?&](?:sig|X-Amz-Signature|X-Amz-Security-Token)=)[^&\s"']+/gi,
  /(?<=\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:Bearer|Basic|Digest|Token|ApiKey)\s+)?)(?!(?:Bearer|Basic|Digest|Token|ApiKey)\b)[^\s"',;]{6,}/gi,
  /(?<=\b(?:Bearer|Basic)\s+)[\w+/=.~-]{12,}/g,
  /(?<=:_(?:authToken|auth|password)=)\S+/g,
  /(?<=\bmachine\s+\S+\s+login\s+\S+\s+password\s+)\S+/g,
  // Passwords of command lines whose option does not say so.
  /(?<=\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n;|&]*\s-p)[^\s'"]+/g,
  /(?<=\b(?:sshpass|docker\s+login)\b[^\n;|&]*\s-p\s*)[^\s'"]+/g,
  /(?<=\bredis-cli\b[^\n;|&]*\s-a\s*)[^\s'"]+/g,
  /(?<=\bcurl\b[^\n;|&]*\s(?:-u|--user)[ =]?['"]?[^\s:'"]{0,80}:)[^\s'"]+/g,
];

/** Options of a command line whose value is secret: `--password x`. */
const OPTION = /(?<!\S)--?([\w-]{1,80})\s+["']?([^\s"'-][^\s"']*)/g;
/** Elements of XML: `<password>x</password>`. */
const ELEMENT = /<([\w.:-]{1,80})>([^<]{3,})(?=<\/\1>)/g;
/** Text that may be encoded in base64. */
const BASE64 = /^[\w+/-]{16,}={0,2}$/;
/** Longest text that is decoded, in characters. */
const MAX_ENCODED_LENGTH = 100_000;
/** Text that is too short and too plain for any pattern of a secret. */
const PLAIN = /^[\w.-]{0,14}$/;
/** Text without control characters, as configuration and scripts are. */
const PRINTABLE = /^[^\u0000-\u0008\u000e-\u001f\ufffd]*$/;

/**
 * Assignments in text, such as `DB_PASSWORD=…` or `"password": "…"`. ARNs are consumed whole, because `:secret:` in an
 * ARN is not an assignment.
 */
const ASSIGNMENT =
  /\barn:[^\s"',;&}]+|(?<![\w.:-])([\w.-]{0,80}(?:passw|passphrase|_pass|pwd|secret|token|key)[\w.-]{0,80})(["']?\s*[=:]\s*["']?)([^\s"',;&}]{6,})/gi;

/** Keys of name/value pairs, such as container environment variables. */
const PAIR_NAME = /^(?:name|key|variable|(?:header|option|parameter)_?(?:name|key))$/i;
const PAIR_VALUE = /^(?:parameter_?)?values?$/i;

/** Minimum length for a finding about a secret; shorter values are only masked, because they may be ordinary words. */
const MIN_REPORTED_SECRET_LENGTH = 6;

/** Why a value is masked: Terraform's mark, its name, or its pattern. */
type Reason = "mark" | "name" | "pattern";

/** Returns the replacement of a sensitive value. */
export type Cover = (value: unknown, reason: Reason, path: string) => string;

/** Marks that apply to every item of a list. */
class EveryMember {
  constructor(readonly marks: Marks) {}
}

export interface MaskOptions {
  /** Path of the value; the last part is its name. */
  readonly path?: string;
  readonly cover?: Cover;
}

/**
 * A value with sensitive parts replaced: marked by Terraform, with a secret's pattern, or with a secret's name. Unknown
 * keys and shapes are unchanged.
 */
export function masked(
  value: unknown,
  marks: Marks,
  { path = "", cover = () => MASKED }: MaskOptions = {},
): unknown {
  return new Masker(cover).mask(value, { path, name: nameOf(path), marks });
}

/** A text with everything that looks like a secret replaced. */
export function maskedText(text: string, name = ""): string {
  return masked(text, undefined, { path: name }) as string;
}

/** A cover that records unmarked secrets by path. */
export function noting(found: Map<string, unknown>, cover: Cover = () => MASKED): Cover {
  return (secret, reason, path) => {
    const isTold =
      reason === "pattern" || (reason === "name" && String(secret).length >= MIN_REPORTED_SECRET_LENGTH);
    if (isTold) found.set(path, secret);
    return cover(secret, reason, path);
  };
}

/** Union of the marks of both sides of a change. */
export function eitherMarks(one: Marks, other: Marks): Marks {
  if (one === true || other === true) return true;
  if (isDeepStrictEqual(one, other)) return one;
  if (Array.isArray(one) || Array.isArray(other)) {
    // Items may have changed their index.
    return new EveryMember([one, other].flat().reduce<Marks>(eitherMarks, undefined));
  }
  const [left, right]: Attributes[] = [isObject(one) ? one : {}, isObject(other) ? other : {}];
  const keys = [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])];
  return Object.fromEntries(keys.map((key) => [key, eitherMarks(left?.[key], right?.[key])]));
}

/**
 * A cover that maps different values to different texts, so that a changed secret is visible as a change; `uncovered`
 * removes the difference.
 */
export function distinctCover(): Cover {
  const numbers = new Map<string, number>();
  return (value) => {
    const key = JSON.stringify(value);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return `${MASKED}\ue000${number}\ue000`;
  };
}

/** A value for display, with the same placeholder for all masked values. */
export function uncovered<Shown>(value: Shown): Shown {
  if (typeof value === "string") return value.replace(/\ue000\d+\ue000/g, "") as Shown;
  if (Array.isArray(value)) return value.map((member) => uncovered(member as unknown)) as Shown;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [uncovered(key), uncovered(member)]),
  ) as Shown;
}

/** Path of a value, with Terraform's marks in it. */
interface Place {
  readonly path: string;
  /** Name that decides whether the value is secret. */
  readonly name: string;
  readonly marks: Marks;
}

class Masker {
  constructor(private readonly cover: Cover) {}

  /** Returns the same object if nothing in it is masked. */
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
    const members = list.map((member, index) => {
      // The value of an option: ["--password", "x"].
      const option = optionName(list[index - 1]);
      const isValue = option !== undefined && isText(member) && !member.startsWith("-");
      return this.mask(member, {
        path: below(path, String(index)),
        name: isValue ? option : name,
        marks: memberMarks(marks, index),
      });
    });
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
    if (PLAIN.test(text)) return text;
    const held = jsonIn(text);
    if (held !== undefined) {
      const shown = this.mask(held, { path, name, marks: undefined });
      return shown === held ? text : JSON.stringify(shown);
    }
    const rest = SECRETS.reduce(
      (left, pattern) => left.replace(pattern, (secret) => this.cover(secret, "pattern", path)),
      text,
    );
    const read = this.maskOptions(rest, path);
    if (read === text && this.isSecretEncoding(text, path)) return this.cover(text, "pattern", path);
    return read.replace(ASSIGNMENT, (all: string, ...groups: [string | undefined, string, string]) => {
      const [key, sign, secret] = groups;
      if (key === undefined || !isSecretName(key) || isPlace(secret) || isVariable(secret)) return all;
      return secret.startsWith("(sensitive") ? all : `${key}${sign}${this.cover(secret, "pattern", path)}`;
    });
  }

  /** Masks values of options of command lines, and of elements of XML. */
  private maskOptions(text: string, path: string): string {
    const cover = (all: string, name: string, secret: string): string => {
      const isPublic = !isSecretName(name) || isPlace(secret) || isVariable(secret);
      if (isPublic || secret.startsWith("(sensitive")) return all;
      return all.slice(0, all.length - secret.length) + this.cover(secret, "pattern", path);
    };
    const options = text.includes("-")
      ? text.replace(OPTION, (all: string, ...[name, secret]: [string, string]) => cover(all, name, secret))
      : text;
    if (!options.includes("</")) return options;
    return options.replace(ELEMENT, (all: string, ...[name, secret]: [string, string]) =>
      cover(all, name, secret),
    );
  }

  /** Whether a text is base64 of a text that contains a secret. */
  private isSecretEncoding(text: string, path: string): boolean {
    if (text.length > MAX_ENCODED_LENGTH || !BASE64.test(text)) return false;
    const decoded = Buffer.from(text, "base64").toString("utf8");
    if (!PRINTABLE.test(decoded)) return false;
    // An encoded text within an encoded text is not read.
    const isPair = /^[\w.@-]{1,40}:[^\s:]{4,}$/.test(decoded);
    return (
      isPair ||
      new Masker(() => MASKED).mask(`${decoded} `, { path, name: "", marks: undefined }) !== `${decoded} `
    );
  }
}

/** `password` for `--password`; undefined if it is not an option that is secret. */
function optionName(value: unknown): string | undefined {
  const name = isText(value) ? /^--?([\w-]+)$/.exec(value)?.[1] : undefined;
  return name !== undefined && isSecretName(name) ? name : undefined;
}

function memberMarks(marks: Marks, index: number): Marks {
  if (marks instanceof EveryMember) return marks.marks;
  return Array.isArray(marks) ? (marks[index] as Marks) : undefined;
}

const isText = (value: unknown): value is string => typeof value === "string";
const below = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);
const nameOf = (path: string): string => path.split(".").at(-1) ?? "";
