import { Value } from "@packages/terraform/value";
import type { Action, Change } from "./changes";
import type { Finding } from "./finding";
import { evaluateTwice, readable } from "./masked-evaluation";
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

/**
 * Immutable revisions: AWS can't change them in place, so each release replaces them, and what runs is moved to the new
 * one by a change of its own. A replacement of these is reported but needs no review; a deletion does.
 */
const REVISIONS = new Set(["aws_api_gateway_deployment", "aws_ecs_task_definition"]);

/** What becomes of a resource that ends, and of what Terraform gives up. */
const ENDS: Partial<Readonly<Record<Action, string>>> = {
  delete: "is deleted",
  replace: "is replaced",
  supersede: "is replaced, and the old one forgotten by Terraform: it is kept, and goes on costing",
  forget: "is forgotten by Terraform: it is kept, and goes on costing",
  unknown: "changes in a way that this review does not know",
};

/** A finding for everything that ends, whatever its type, and for protection that is lowered. */
export function lossFindings(changes: readonly Change[]): Finding[] {
  return readable(evaluateTwice(changes, evaluatedFindings), { keyOf, hide });
}

const keyOf = ({ severity, rule, title }: Finding): string => [severity, rule, title].join("\n");

function hide({ severity, rule, address = "" }: Finding): Finding {
  return {
    severity,
    rule,
    address,
    title: `${address}: ${rule.replaceAll("-", " ")}, by a value that is sensitive`,
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
  const what = deposed === undefined ? address : `${address}, its object ${deposed} that a replacement left,`;
  return [
    {
      severity,
      rule: isLost ? "data-loss" : action,
      title: `${what} ${how}${isLost ? `: lost is ${held}` : ""}`,
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
          `${heir.address} is made in its place: if it is the same, say so: moved { from = ${address}, to = ${heir.address} }`,
        ]),
    ...snapshot(change),
  ];
}

function isHeirOf({ type, address, before }: Change, other: Change): boolean {
  if (other.type !== type || other.address === address) return false;
  const [old, made] = [new Value(before), new Value(other.after)];
  return NAMES.some((name) => old.at(name).text !== "" && old.at(name).text === made.at(name).text);
}

function snapshot({ type, action, before }: Change): string[] {
  if (action === "forget" || action === "supersede") return [];
  if (type !== "aws_db_instance" && type !== "aws_rds_cluster") return [];
  const skipped = new Value(before).at("skip_final_snapshot").isTrue;
  return [skipped ? "no last snapshot is made" : "a last snapshot is made"];
}

function weakened({ type, action, address, before, after }: Change): Finding[] {
  if (action !== "update" && action !== "replace" && action !== "supersede") return [];
  const [old, made] = [new Value(before), new Value(after)];
  return WEAKENINGS.flatMap(({ types, severity, rule, tell }) => {
    const told = types.includes(type) ? tell(old, made) : undefined;
    return told === undefined ? [] : [{ severity, rule, title: `${address}: ${told}`, address }];
  });
}
