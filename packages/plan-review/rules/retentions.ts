import type { Value } from "@packages/terraform/value";
import type { Severity } from "../finding";
import { isOn } from "./attribute-rule";

/** A change that only several attributes together tell. */
export interface Weakening {
  readonly types: readonly string[];
  /** Attributes that it covers. */
  readonly covers: readonly string[];
  readonly severity: Severity;
  readonly rule: "protection-lowered" | "outage" | "no-way-back";
  /** What it reports, for the table of what is covered. */
  readonly reports: string;
  /** Describes the change; undefined if it does not apply. */
  readonly describe: (before: Value, after: Value) => string | undefined;
}

/** Objects that a bucket's enabled rules delete earlier, or that they delete at all. */
function expiresEarlier(what: string, days: string): Weakening {
  return {
    types: ["aws_s3_bucket_lifecycle_configuration"],
    covers: [
      "rule.status",
      "rule.expiration",
      "rule.noncurrent_version_expiration",
      "rule.filter",
      "rule.prefix",
    ],
    severity: "block",
    rule: "protection-lowered",
    reports: `${what} that are deleted earlier`,
    describe: (before, after) => {
      const [old, next] = [expiryDays(before, days), expiryDays(after, days)];
      if (next >= old) return undefined;
      return `${what} are deleted after ${next} days, ${old === Infinity ? "before never" : `before after ${old}`}`;
    },
  };
}

/** Days until the first enabled rule deletes; infinite without one. */
function expiryDays(lifecycle: Value, path: string): number {
  const days = lifecycle
    .at("rule")
    .list.filter((rule) => isOn(rule.at("status").raw))
    .map((rule) => rule.at(path).number)
    // The provider writes 0 where a rule has none.
    .filter((one) => one > 0);
  return days.reduce((least, one) => Math.min(least, one), Infinity);
}

/** How many images, or days of them, the strictest rule of a lifecycle policy keeps; infinite without a rule. */
function imagesKept(lifecycle: Value): number {
  return lifecycle
    .at("policy")
    .json.at("rules")
    .list.map((rule) => rule.at("selection.countNumber").number)
    .filter((count) => !Number.isNaN(count))
    .reduce((least, one) => Math.min(least, one), Infinity);
}

const keptBefore = (count: number): string => (count === Infinity ? "never" : `beyond ${count}`);

export const WEAKENINGS: readonly Weakening[] = [
  {
    types: ["aws_db_instance", "aws_rds_cluster"],
    covers: ["engine_version", "engine"],
    severity: "block",
    rule: "no-way-back",
    reports: "another major version",
    describe: (before, after) => {
      const [old, next] = [before, after].map((side) => parseInt(side.at("engine_version").text, 10));
      return old !== undefined && next !== undefined && old !== next && !Number.isNaN(old - next)
        ? `${after.at("engine").text} goes from ${old} to ${next}: an outage of minutes, reversible only by a restore`
        : undefined;
    },
  },
  expiresEarlier("objects", "expiration.days"),
  expiresEarlier("earlier versions", "noncurrent_version_expiration.noncurrent_days"),
  {
    types: ["aws_ecr_lifecycle_policy"],
    covers: ["policy"],
    severity: "block",
    rule: "protection-lowered",
    reports: "images that are deleted earlier",
    describe: (before, after) => {
      const [old, next] = [imagesKept(before), imagesKept(after)];
      return next < old ? `images beyond ${next} are deleted, before ${keptBefore(old)}` : undefined;
    },
  },
];
