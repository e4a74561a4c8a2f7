import type { Value } from "@packages/terraform/value";
import type { Severity } from "./finding";

/** A change in place that nobody should find out about afterwards. */
export interface Weakening {
  readonly types: readonly string[];
  readonly severity: Severity;
  readonly rule: "protection-lowered" | "outage" | "no-way-back";
  /** Says what happens; undefined when nothing of the kind does. */
  readonly tell: (before: Value, after: Value) => string | undefined;
}

/** A switch that protects, turned off. */
function off(types: string[], attribute: string, severity: Severity = "review"): Weakening {
  return {
    types,
    severity,
    rule: "protection-lowered",
    tell: (before, after) =>
      isOn(before.at(attribute)) && after.at(attribute).exists && !isOn(after.at(attribute))
        ? `${attribute} is turned off`
        : undefined,
  };
}

/** A number that protects, made smaller. */
function less(types: string[], attribute: string, unit: string): Weakening {
  return {
    types,
    severity: "review",
    rule: "protection-lowered",
    tell: (before, after) => {
      const [old, made] = [before.at(attribute).number, after.at(attribute).number];
      return made < old ? `${attribute} goes from ${old} to ${made} ${unit}` : undefined;
    },
  };
}

/** A text that AWS changes by stopping what runs. */
function outage(types: string[], attribute: string, what: string): Weakening {
  return {
    types,
    severity: "review",
    rule: "outage",
    tell: (before, after) => {
      const [old, made] = [before.at(attribute).text, after.at(attribute).text];
      if (old === "" || made === "" || old === made) return undefined;
      const now = after.at("apply_immediately").exists && !after.at("apply_immediately").isTrue;
      return `${attribute} goes from ${old} to ${made}: ${what}${now ? ", in the maintenance window" : ""}`;
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
  less(DATABASE, "backup_retention_period", "days"),
  {
    types: DATABASE,
    severity: "review",
    rule: "protection-lowered",
    tell: (before, after) =>
      !before.at("skip_final_snapshot").isTrue && after.at("skip_final_snapshot").isTrue
        ? "no last snapshot will be made when it is deleted"
        : undefined,
  },
  {
    types: DATABASE,
    severity: "block",
    rule: "no-way-back",
    tell: (before, after) => {
      const [old, made] = [before, after].map((side) => parseInt(side.at("engine_version").text, 10));
      return old !== undefined && made !== undefined && old !== made && !Number.isNaN(old - made)
        ? `${after.at("engine").text} goes from ${old} to ${made}: an outage of minutes, and no way back but a restore`
        : undefined;
    },
  },
  outage(DATABASE, "instance_class", "an outage of some minutes, one with a standby of about one"),
  outage(DATABASE, "identifier", "an outage, and another host name for everybody who connects"),
  off(CACHE, "transit_encryption_enabled", "block"),
  off(CACHE, "at_rest_encryption_enabled", "block"),
  off(CACHE, "automatic_failover_enabled"),
  outage(CACHE, "node_type", "nodes are exchanged, one after the other"),
  outage(CACHE, "engine_version", "nodes are exchanged, one after the other"),
  off(["aws_s3_bucket_versioning"], "versioning_configuration.status"),
  less(["aws_cloudwatch_log_group"], "retention_in_days", "days: older logs are deleted"),
  less(["aws_sqs_queue"], "message_retention_seconds", "s: older messages are deleted"),
  off(["aws_lb"], "enable_deletion_protection"),
  off(["aws_cognito_user_pool"], "deletion_protection"),
  off(["aws_cloudwatch_metric_alarm"], "actions_enabled"),
];

/** Switches are booleans, or words. */
function isOn(value: Value): boolean {
  return value.isTrue || ["ACTIVE", "Enabled", "ENABLED"].includes(value.text);
}
