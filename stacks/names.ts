import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/** Longest physical name that AWS accepts, in characters. Source: each service's API reference. */
const LONGEST = {
  "cache replication group": 40,
  "cache parameter group": 255,
  "database instance": 63,
  "database parameter group": 255,
  "IAM policy": 128,
  "IAM role": 64,
  "Lambda function": 64,
  "log group": 512,
  queue: 80,
  "security group": 255,
  "subnet group": 255,
} as const;

/** A kind of AWS resource whose name AWS limits. */
export type NamedKind = keyof typeof LONGEST;

/**
 * The physical name of a construct's resource: the stack and the path below it, joined by hyphens
 * (`streamflow-dev-media-queue-dead-letters`). Throws when it is longer than AWS accepts for that kind.
 */
export function physicalName(scope: IConstruct, kind: NamedKind, role?: string): string {
  const stack = TerraformStack.of(scope).node;
  const below = scope.node.path.slice(stack.path.length).split("/").filter(Boolean);
  const name = [stack.id, ...below, ...(role === undefined ? [] : [role])].join("-");
  const longest = LONGEST[kind];
  if (name.length > longest) {
    throw new Error(
      `the name of a ${kind} must be at most ${longest} characters, got "${name}" (${name.length}): shorten a construct id`,
    );
  }
  return name;
}
