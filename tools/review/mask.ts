import type { Attributes, Marks } from "./plan";

/** Stands for a value that nobody may read here. */
export const MASKED = "(sensitive value)";

/** What no report may hold, whoever forgot to mark it. */
const SECRETS: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|$)/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /\b(?:gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}|sk_live_\w{16,})/g,
  // A password within a URL: the rest of the URL may be seen.
  /(?<=:\/\/[^\s/:@]+:)[^\s/@]+(?=@)/g,
  /(?<=(?<![:\w-])(?:password|passwd|secret|token|api_?key)["']?\s*[=:]\s*["']?)[^\s"',;&}]{6,}/gi,
];

/** Names of attributes whose values are secret. */
const SECRET_NAME = /(?:^|_)(?:password|passwd|secret|token|private_key|secret_key|credentials?|auth)$/i;
/** Of those, the ones that only name where a secret is, or are known to be public. */
const PLACE = /^(?:arn:|\$\{|https?:\/\/[^@]*$|true$|false$|\d{1,4}$|alias\/|[A-Z_]+$)/;

/**
 * A value without what must not be read: what Terraform marks as sensitive, what looks like a secret, and what has
 * the name of one. Unknown keys and shapes stay as they are.
 */
export function masked(value: unknown, marks: Marks, name = ""): unknown {
  if (marks === true) return value === null || value === undefined ? value : MASKED;
  if (typeof value === "string") return maskedText(value, name);
  if (Array.isArray(value)) {
    const each = Array.isArray(marks) ? (marks as unknown[]) : [];
    return value.map((member, index) => masked(member, each[index], name));
  }
  if (typeof value === "object" && value !== null) {
    const each = (typeof marks === "object" && marks !== null ? marks : {}) as Attributes;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, masked(member, each[key], key)]),
    );
  }
  return value;
}

/** A text without what looks like a secret. */
export function maskedText(text: string, name = ""): string {
  if (SECRET_NAME.test(name) && text.length >= 6 && !PLACE.test(text)) return MASKED;
  return SECRETS.reduce((rest, pattern) => rest.replace(pattern, MASKED), text);
}

/** Paths of values that look like secrets, though Terraform does not know that they are. */
export function secretPaths(value: unknown, marks: Marks, path = ""): string[] {
  if (marks === true) return [];
  if (typeof value === "string") {
    return maskedText(value, path.split(".").at(-1)) === value ? [] : [path];
  }
  if (typeof value !== "object" || value === null) return [];
  const each = (typeof marks === "object" && marks !== null ? marks : {}) as Attributes;
  const below = (key: string) => (path === "" ? key : `${path}.${key}`);
  return Object.entries(value).flatMap(([key, member]) => secretPaths(member, each[key], below(key)));
}
