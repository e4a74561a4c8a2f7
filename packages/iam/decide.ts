import { type Context, isMet } from "./conditions";
import type { Statement } from "./document";
import { covers, coversAction } from "./pattern";

/** What somebody asks of AWS. */
export interface Asked {
  /** `s3:GetObject` */
  readonly action: string;
  /** An ARN, or `*` where the action has no resource. */
  readonly resource: string;
  readonly context: Context;
}

/** What a role may do, as deployed. */
export interface RolePolicies {
  readonly arn: string;
  readonly identity: readonly Statement[];
  /** The most that it may do; undefined where it has no boundary. */
  readonly boundary: readonly Statement[] | undefined;
}

export interface Decision {
  readonly allowed: boolean;
  /** In words: `nothing allows it`. */
  readonly why: string;
  /** The role's own statements that allow it. */
  readonly by: readonly Statement[];
}

/**
 * As IAM decides within one account: what is denied anywhere is denied; else the role's own policies and its boundary
 * must both allow it. Policies of resources are not asked: what is allowed by those alone counts as not allowed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide({ identity, boundary }: RolePolicies, asked: Asked): Decision {
  const denied = [...identity, ...(boundary ?? [])].find(
    (statement) => statement.effect === "Deny" && concerns(statement, asked) !== false,
  );
  if (denied) return { allowed: false, why: `${denied.name} denies it`, by: [] };
  const by = identity.filter((statement) => allows(statement, asked));
  if (by.length === 0) return { allowed: false, why: "nothing allows it", by };
  if (boundary && !boundary.some((statement) => allows(statement, asked)))
    return { allowed: false, why: "its boundary does not allow it", by: [] };
  return { allowed: true, why: by.map(({ name }) => name).join(", "), by };
}

function allows(statement: Statement, asked: Asked): boolean {
  return statement.effect === "Allow" && concerns(statement, asked) === true;
}

/** Undefined where a condition can't be judged. */
function concerns({ actions, resources, condition }: Statement, asked: Asked): boolean | undefined {
  if (actions.patterns.some((pattern) => coversAction(pattern, asked.action)) === actions.except)
    return false;
  if (resources.patterns.some((pattern) => covers(pattern, asked.resource)) === resources.except)
    return false;
  return isMet(condition, asked.context);
}
