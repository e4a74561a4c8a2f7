import type { Value } from "@packages/terraform/value";
import type { Severity } from "./finding";

/** An in-place change that reviewers must not miss. */
export interface Weakening {
  readonly types: readonly string[];
  readonly severity: Severity;
  readonly rule: "protection-lowered" | "outage" | "no-way-back";
  /** Describes the change; undefined if it does not apply. */
  readonly describe: (before: Value, after: Value) => string | undefined;
}

/** A protection that is turned off. */
function off(types: string[], attribute: string, severity: Severity = "review"): Weakening {
  return {
    types,
    severity,
    rule: "protection-lowered",
    describe: (before, after) =>
      isOn(before.at(attribute)) && after.at(attribute).exists && !isOn(after.at(attribute))
        ? `${attribute} is turned off`
        : undefined,
  };
}

/** A retention that decreases: AWS deletes what is older. */
function less(types: string[], attribute: string, unit: string): Weakening {
  return {
    types,
    severity: "block",
    rule: "protection-lowered",
    describe: (before, after) => {
      const [old, next] = [before.at(attribute).number, after.at(attribute).number];
      return next < old ? `${attribute} goes from ${old} to ${next} ${unit}` : undefined;
    },
  };
}

/** A list whose last item is removed. */
function emptied(types: string[], attribute: string, meaning: string): Weakening {
  return {
    types,
    severity: "review",
    rule: "protection-lowered",
    describe: (before, after) =>
      before.at(attribute).list.length > 0 && after.at(attribute).list.length === 0
        ? `${attribute} is emptied: ${meaning}`
        : undefined,
  };
}

/** An attribute whose change interrupts the service. */
function outage(types: string[], attribute: string, what: string): Weakening {
  return {
    types,
    severity: "review",
    rule: "outage",
    describe: (before, after) => {
      const [old, next] = [before.at(attribute).text, after.at(attribute).text];
      if (old === "" || next === "" || old === next) return undefined;
      const now = after.at("apply_immediately").exists && !after.at("apply_immediately").isTrue;
      return `${attribute} goes from ${old} to ${next}: ${what}${now ? ", in the maintenance window" : ""}`;
    },
  };
}

/** Objects that a bucket's enabled rules delete earlier, or that they delete at all. */
function expiresEarlier(what: string, days: string): Weakening {
  return {
    types: ["aws_s3_bucket_lifecycle_configuration"],
    severity: "block",
    rule: "protection-lowered",
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
    .list.filter((rule) => isOn(rule.at("status")))
    .map((rule) => rule.at(path).number)
    // The provider writes 0 where a rule has none.
    .filter((one) => one > 0);
  return Math.min(Infinity, ...days);
}

/** How many images, or days of them, the strictest rule of a lifecycle policy keeps; infinite without a rule. */
function imagesKept(lifecycle: Value): number {
  const counts = lifecycle
    .at("policy")
    .json.at("rules")
    .list.map((rule) => rule.at("selection.countNumber").number);
  return Math.min(Infinity, ...counts.filter((count) => !Number.isNaN(count)));
}

const keptBefore = (count: number): string => (count === Infinity ? "never" : `beyond ${count}`);

/** A copy of data that goes to another place than before. */
function redirected(types: string[], attribute: string): Weakening {
  return {
    types,
    severity: "block",
    rule: "protection-lowered",
    describe: (before, after) => {
      const [old, next] = [before.at(attribute).text, after.at(attribute).text];
      return old !== "" && next !== "" && old !== next
        ? `${attribute} goes from ${old} to ${next}`
        : undefined;
    },
  };
}

const DATABASE = ["aws_db_instance"];
const CACHE = ["aws_elasticache_replication_group"];

export const WEAKENINGS: readonly Weakening[] = [
  off(DATABASE, "deletion_protection"),
  off(DATABASE, "multi_az"),
  off(DATABASE, "storage_encrypted", "block"),
  off(DATABASE, "iam_database_authentication_enabled"),
  less(DATABASE, "backup_retention_period", "days: older backups are deleted"),
  {
    types: DATABASE,
    severity: "review",
    rule: "protection-lowered",
    describe: (before, after) =>
      !before.at("skip_final_snapshot").isTrue && after.at("skip_final_snapshot").isTrue
        ? "no final snapshot will be made when it is deleted"
        : undefined,
  },
  {
    types: DATABASE,
    severity: "block",
    rule: "no-way-back",
    describe: (before, after) => {
      const [old, next] = [before, after].map((side) => parseInt(side.at("engine_version").text, 10));
      return old !== undefined && next !== undefined && old !== next && !Number.isNaN(old - next)
        ? `${after.at("engine").text} goes from ${old} to ${next}: an outage of minutes, reversible only by a restore`
        : undefined;
    },
  },
  outage(DATABASE, "instance_class", "an outage of several minutes, about one with a standby"),
  outage(DATABASE, "identifier", "an outage, and a new host name for all clients"),
  off(CACHE, "transit_encryption_enabled", "block"),
  off(CACHE, "at_rest_encryption_enabled", "block"),
  off(CACHE, "automatic_failover_enabled"),
  emptied(CACHE, "user_group_ids", "clients need no login"),
  {
    types: ["aws_elasticache_user"],
    severity: "review",
    rule: "protection-lowered",
    describe: (before, after) => {
      const [old, next] = [before, after].map((side) => side.at("access_string").text.split(" "));
      const added = next?.filter((rule) => rule !== "" && !old?.includes(rule)) ?? [];
      return added.length === 0 ? undefined : `the user may also ${added.join(" ")}`;
    },
  },
  outage(CACHE, "node_type", "nodes are replaced one by one"),
  outage(CACHE, "engine_version", "nodes are replaced one by one"),
  off(["aws_s3_bucket_versioning"], "versioning_configuration.status", "block"),
  expiresEarlier("objects", "expiration.days"),
  expiresEarlier("earlier versions", "noncurrent_version_expiration.noncurrent_days"),
  redirected(["aws_s3_bucket_replication_configuration"], "rule.destination.bucket"),
  off(["aws_s3_bucket_replication_configuration"], "rule.status"),
  less(["aws_cloudwatch_log_group"], "retention_in_days", "days: older logs are deleted"),
  less(["aws_sqs_queue"], "message_retention_seconds", "s: older messages are deleted"),
  less(["aws_backup_plan"], "rule.lifecycle.delete_after", "days: later backups are deleted earlier"),
  less(CACHE, "snapshot_retention_limit", "days: older snapshots are deleted"),
  {
    types: ["aws_ecr_lifecycle_policy"],
    severity: "block",
    rule: "protection-lowered",
    describe: (before, after) => {
      const [old, next] = [imagesKept(before), imagesKept(after)];
      return next < old ? `images beyond ${next} are deleted, before ${keptBefore(old)}` : undefined;
    },
  },
  off(["aws_kms_key"], "is_enabled", "block"),
  off(["aws_kms_key"], "enable_key_rotation"),
  off(["aws_cognito_user_pool"], "mfa_configuration"),
  off(["aws_lb"], "enable_deletion_protection"),
  off(["aws_cognito_user_pool"], "deletion_protection"),
  off(["aws_cloudwatch_metric_alarm"], "actions_enabled"),
];

/** Whether a switch is on; switches are booleans or words. */
function isOn(value: Value): boolean {
  return value.isTrue || ["ACTIVE", "Enabled", "ENABLED", "ON", "OPTIONAL"].includes(value.text);
}
