import { seconds, type Duration } from "./duration";

/** Availability zone letters by region (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html). */
export const ZONE_LETTERS: Readonly<Record<string, string>> = {
  "us-east-1": "abcdef",
  "us-east-2": "abc",
  "us-west-1": "abc",
  "us-west-2": "abcd",
  "ca-central-1": "abd",
  "sa-east-1": "abc",
  "eu-central-1": "abc",
  "eu-west-1": "abc",
  "eu-west-2": "abc",
  "eu-west-3": "abc",
  "eu-north-1": "abc",
  "ap-northeast-1": "acd",
  "ap-south-1": "abc",
  "ap-southeast-1": "abc",
  "ap-southeast-2": "abc",
};

/**
 * Prefix list of the addresses from which CloudFront calls origins, by region: AWS's own, the same in every
 * account (`com.amazonaws.global.cloudfront.origin-facing`). Written here because looking it up would make
 * every plan call AWS.
 */
export const CLOUDFRONT_PREFIX_LISTS: Readonly<Record<string, string>> = {
  "us-east-1": "pl-3b927c52",
  "us-east-2": "pl-b6a144df",
  "us-west-1": "pl-4ea04527",
  "us-west-2": "pl-82a045eb",
  "ca-central-1": "pl-38a64351",
  "sa-east-1": "pl-5da64334",
  "eu-central-1": "pl-a3a144ca",
  "eu-west-1": "pl-4fa04526",
  "eu-west-2": "pl-93a247fa",
  "eu-west-3": "pl-75b1541c",
  "eu-north-1": "pl-fab65393",
  "ap-northeast-1": "pl-58a04531",
  "ap-south-1": "pl-9aa247f3",
  "ap-southeast-1": "pl-31a34658",
  "ap-southeast-2": "pl-b8a742d1",
};

/** Retention periods that CloudWatch Logs accepts, in days. */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The settings of an environment break rules; `problems` holds one line for each mistake. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "SettingsError";
  }
}

/** What a setting must be, to follow "must be", and what breaks otherwise. */
export interface Expected {
  readonly allowed: string;
  readonly why?: string | undefined;
}

export interface ExpectedPattern extends Expected {
  readonly pattern: RegExp;
}

/** The least and the most that a whole number may be, both allowed. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly unit?: string;
  readonly why?: string;
}

export interface DurationRange {
  readonly least: Duration;
  readonly most: Duration;
}

/** Collects every mistake of a settings group, each as one line: path, value, what is allowed. */
export class Check {
  constructor(
    private readonly path: string,
    readonly problems: string[] = [],
  ) {}

  /** The same collection, one group deeper: `check.at("database")`. */
  at(group: string): Check {
    return new Check(`${this.path}.${group}`, this.problems);
  }

  /** Notes that a value is not `allowed`; `why` says what breaks otherwise. */
  reject(key: string, value: unknown, { allowed, why }: Expected): void {
    const reason = why === undefined ? "" : `: ${why}`;
    this.problems.push(`${this.path}.${key} must be ${allowed}, got ${shown(value)}${reason}`);
  }

  /** A whole number from `least` to `most`. */
  number(key: string, value: unknown, { least, most, unit, why }: NumberRange): void {
    const ok = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
    const allowed = `a whole number from ${least} to ${most}${unit === undefined ? "" : ` ${unit}`}`;
    if (!ok) this.reject(key, value, { allowed, why });
  }

  /** One of a short list. */
  oneOf(key: string, value: unknown, allowed: readonly unknown[]): void {
    if (allowed.includes(value)) return;
    this.reject(key, value, { allowed: `one of ${allowed.map(shown).join(", ")}` });
  }

  /** A text that matches `pattern`; `allowed` describes the pattern with an example. */
  matches(key: string, value: unknown, { pattern, ...expected }: ExpectedPattern): void {
    if (typeof value !== "string" || !pattern.test(value)) this.reject(key, value, expected);
  }

  /** A duration of whole seconds from `least` to `most`. */
  duration(key: string, value: unknown, { least, most }: DurationRange): void {
    const length = typeof value === "string" ? seconds(value as Duration) : NaN;
    const ok = Number.isInteger(length) && length >= seconds(least) && length <= seconds(most);
    if (!ok) this.reject(key, value, { allowed: `a duration from "${least}" to "${most}"` });
  }

  /** `true`, or an object that says why not: `{ off: "why" }`. */
  onOrReason(key: string, value: unknown): void {
    const off = typeof value === "object" && value !== null && "off" in value ? value.off : undefined;
    const ok = value === true || (typeof off === "string" && off.trim() !== "");
    if (!ok) this.reject(key, value, { allowed: 'true or { off: "the reason" }' });
  }

  /** Throws a `SettingsError` with everything that was found. */
  throwProblems(): void {
    if (this.problems.length > 0) throw new SettingsError(this.problems);
  }
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
