import { Value } from "@packages/terraform/value";
import type { Action, Change } from "./changes";
import type { Finding } from "./finding";
import { evaluateTwice, readable } from "./masked-evaluation";
import { WEAKENINGS } from "./weakenings";

/** Data that is lost with a resource. */
export const HELD: Readonly<Record<string, string>> = {
  aws_backup_vault: "its recovery points",
  aws_cloudwatch_log_group: "its logs",
  aws_cognito_user_pool: "its users, who can't be exported with their passwords",
  aws_db_instance: "all rows, except in the final snapshot, if there is one",
  aws_dynamodb_table: "its items",
  aws_ebs_volume: "its blocks",
  aws_ecr_repository: "its images",
  aws_efs_file_system: "its files",
  aws_elasticache_replication_group: "cached data; responses are slower until it is filled again",
  aws_kms_key: "everything encrypted with it, permanently after deletion",
  aws_rds_cluster: "all rows, except in the final snapshot, if there is one",
  aws_s3_bucket: "its objects with all versions",
  aws_secretsmanager_secret: "the secret's value",
  aws_sqs_queue: "its messages",
};

/** Attributes with physical names; two resources with the same name are the same in AWS. */
const NAMES = ["identifier", "bucket", "name", "replication_group_id"];

/**
 * Immutable revisions: each release replaces them, and a separate change activates the new one. Their replacement is
 * reported but needs no review; a deletion does.
 */
const REVISIONS = new Set(["aws_api_gateway_deployment", "aws_ecs_task_definition"]);

/** Texts for resources that end or leave the state. */
const ENDS: Partial<Readonly<Record<Action, string>>> = {
  delete: "is deleted",
  replace: "is replaced",
  supersede: "is replaced, and the old one only removed from the state: it still exists and costs money",
  forget: "is removed from the state: it still exists and costs money",
  unknown: "changes in an unknown way",
};

/** Findings for all resources that end, and for lowered protection. */
export function lossFindings(changes: readonly Change[]): Finding[] {
  return readable(evaluateTwice(changes, evaluatedFindings), { keyOf, hide });
}

const keyOf = ({ severity, rule, title }: Finding): string => [severity, rule, title].join("\n");

function hide({ severity, rule, address = "" }: Finding): Finding {
  return {
    severity,
    rule,
    address,
    title: `${address}: ${rule.replaceAll("-", " ")} (sensitive value)`,
  };
}

function evaluatedFindings(changes: readonly Change[]): Finding[] {
  const created = changes.filter(({ action }) => action === "create");
  return changes.flatMap((change) => [...ending(change, created), ...weakened(change)]);
}

function ending(change: Change, created: readonly Change[]): Finding[] {
  const { address, action, type, deposed } = change;
  const how = ENDS[action];
  if (how === undefined) return [];
  const held = HELD[type];
  const isLost = held !== undefined && (action === "delete" || action === "replace");
  const severity = isLost ? "block" : action === "replace" && REVISIONS.has(type) ? "info" : "review";
  const what = deposed === undefined ? address : `${address}, object ${deposed} of a failed replacement,`;
  return [
    {
      severity,
      rule: isLost ? "data-loss" : action,
      title: `${what} ${how}${isLost ? `, which loses ${held}` : ""}`,
      address,
      details: endingDetails(change, created),
    },
  ];
}

function endingDetails(change: Change, created: readonly Change[]): string[] {
  const { address, replacedBy, reason } = change;
  const heir = created.find((other) => isHeirOf(change, other));
  return [
    ...(replacedBy.length > 0 ? [`replaced because of ${replacedBy.join(", ")}`] : []),
    ...(reason === undefined ? [] : [reason]),
    ...(heir === undefined
      ? []
      : [
          `${heir.address} has the same name: if it is the same resource, add moved { from = ${address}, to = ${heir.address} }`,
        ]),
    ...snapshot(change),
  ];
}

function isHeirOf({ type, address, before }: Change, other: Change): boolean {
  if (other.type !== type || other.address === address) return false;
  const [old, next] = [new Value(before), new Value(other.after)];
  return NAMES.some((name) => old.at(name).text !== "" && old.at(name).text === next.at(name).text);
}

function snapshot({ type, action, before }: Change): string[] {
  if (action === "forget" || action === "supersede") return [];
  if (type !== "aws_db_instance" && type !== "aws_rds_cluster") return [];
  const skipped = new Value(before).at("skip_final_snapshot").isTrue;
  return [skipped ? "no final snapshot is made" : "a final snapshot is made"];
}

function weakened({ type, action, address, before, after }: Change): Finding[] {
  if (action !== "update" && action !== "replace" && action !== "supersede") return [];
  const [old, next] = [new Value(before), new Value(after)];
  return WEAKENINGS.flatMap(({ types, severity, rule, describe }) => {
    const text = types.includes(type) ? describe(old, next) : undefined;
    return text === undefined ? [] : [{ severity, rule, title: `${address}: ${text}`, address }];
  });
}
