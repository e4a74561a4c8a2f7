import { Value } from "../../stacks/policies/value";
import type { Change } from "./changes";
import type { Finding } from "./finding";
import { WEAKENINGS } from "./weakenings";

/** What goes with a resource that holds data. */
export const HELD: Readonly<Record<string, string>> = {
  aws_backup_vault: "its recovery points",
  aws_cloudwatch_log_group: "its logs",
  aws_cognito_user_pool: "its users, who can't be exported with their passwords",
  aws_db_instance: "the database's rows; what remains is the last snapshot, if one is made",
  aws_dynamodb_table: "its items",
  aws_ebs_volume: "its blocks",
  aws_ecr_repository: "its images",
  aws_efs_file_system: "its files",
  aws_elasticache_replication_group: "what is cached; until it is filled again, everything is slower",
  aws_kms_key: "whatever is encrypted with it, for good once it is deleted",
  aws_rds_cluster: "the database's rows; what remains is the last snapshot, if one is made",
  aws_s3_bucket: "its objects, with all of their versions",
  aws_secretsmanager_secret: "the secret's value",
  aws_sqs_queue: "the messages that wait in it",
};

/** Names by which AWS knows a resource: two that share one are the same to whoever uses it. */
const NAMES = ["identifier", "bucket", "name", "replication_group_id"];

/** A finding for everything that holds data and would be deleted or replaced, and for protection that is lowered. */
export function lossFindings(changes: readonly Change[]): Finding[] {
  return changes.flatMap((change) => {
    const held = HELD[change.type];
    const ends = change.action === "delete" || change.action === "replace";
    return [...(held !== undefined && ends ? [loss(change, held, changes)] : []), ...weakened(change)];
  });
}

function loss(change: Change, held: string, changes: readonly Change[]): Finding {
  const { address, action, replacedBy, reason } = change;
  const heir = changes.find((other) => isHeirOf(change, other));
  return {
    severity: "stop",
    rule: "data-loss",
    title: `${address} is ${action === "delete" ? "deleted" : "replaced"}: lost is ${held}`,
    address,
    details: [
      ...(replacedBy.length > 0 ? [`replaced because of ${replacedBy.join(", ")}`] : []),
      ...(reason === undefined ? [] : [reason]),
      ...(heir === undefined
        ? []
        : [
            `${heir.address} is made in its place: if it is the same, say so: moved { from = ${address}, to = ${heir.address} }`,
          ]),
      ...snapshot(change),
    ],
  };
}

function isHeirOf({ type, address, before }: Change, other: Change): boolean {
  if (other.type !== type || other.action !== "create" || other.address === address) return false;
  const [old, made] = [new Value(before), new Value(other.after)];
  return NAMES.some((name) => old.at(name).text !== "" && old.at(name).text === made.at(name).text);
}

function snapshot({ type, before }: Change): string[] {
  if (type !== "aws_db_instance" && type !== "aws_rds_cluster") return [];
  const skipped = new Value(before).at("skip_final_snapshot").isTrue;
  return [skipped ? "no last snapshot is made" : "a last snapshot is made"];
}

function weakened({ type, action, address, before, after }: Change): Finding[] {
  if (action !== "update" && action !== "replace") return [];
  const [old, made] = [new Value(before), new Value(after)];
  return WEAKENINGS.flatMap(({ types, severity, rule, tell }) => {
    const told = types.includes(type) ? tell(old, made) : undefined;
    return told === undefined ? [] : [{ severity, rule, title: `${address}: ${told}`, address }];
  });
}
