import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { deployedId, deployedIds } from "./deployed-path";

/** Maximum length of physical names in characters. Source: each service's API reference. */
const MAX_NAME_LENGTH = {
  alarm: 255,
  "backup plan": 50,
  budget: 100,
  "backup vault": 50,
  "Amplify app": 255,
  bucket: 63,
  "cache replication group": 40,
  "cache parameter group": 255,
  "cache user": 40,
  "cache user group": 40,
  "database instance": 63,
  "CloudFront policy": 128,
  "database parameter group": 255,
  "ECR repository": 256,
  "ECS service": 255,
  "event rule": 64,
  "IAM policy": 128,
  "IAM role": 64,
  "Lambda function": 64,
  "load balancer": 32,
  "log group": 512,
  dashboard: 255,
  "Grafana workspace": 255,
  "HTTP API": 128,
  "log delivery": 60,
  queue: 80,
  schedule: 64,
  secret: 512,
  "scaling policy": 256,
  "security group": 255,
  "subnet group": 255,
  "target group": 32,
  topic: 256,
  trail: 128,
  "user pool": 128,
  "web ACL": 128,
  "X-Ray group": 32,
  "X-Ray sampling rule": 32,
} as const;

/** A kind of AWS resource with a limited name length. */
export type NamedKind = keyof typeof MAX_NAME_LENGTH;

/**
 * Physical name of a construct's resource: stack and path joined by hyphens
 * (`streamflow-dev-media-queue-dead-letters`). A renamed construct keeps the deployed name. Throws if it is too long for
 * the kind.
 */
export function physicalName(scope: IConstruct, kind: NamedKind, role?: string): string {
  return checkedName([...deployedPathIds(scope), ...(role === undefined ? [] : [role])].join("-"), kind);
}

/** Ids of the stack and of the constructs below it, as deployed. */
export function deployedPathIds(scope: IConstruct): string[] {
  return [TerraformStack.of(scope).node.id, ...deployedIds(scope)];
}

/** Name of a bucket, with the account id because bucket names are global. */
export function bucketName(scope: IConstruct, account: string): string {
  return checkedName(`${TerraformStack.of(scope).node.id}-${deployedId(scope)}-${account}`, "bucket");
}

/** Returns the name; throws if it is too long for the kind. */
export function checkedName(name: string, kind: NamedKind): string {
  const longest = MAX_NAME_LENGTH[kind];
  if (name.length > longest) {
    throw new Error(
      `the name of a ${kind} must be at most ${longest} characters, got "${name}" (${name.length}): shorten a construct id`,
    );
  }
  return name;
}
