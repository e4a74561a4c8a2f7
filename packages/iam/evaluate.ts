import { areMet, type Context, valuesIn } from "./conditions";
import type { Principal, Statement } from "./document";
import { matchesAction, matchesResource, type Variables } from "./patterns";
import { accountOf, type Naming, namingOf } from "./principals";

/** What somebody asks of AWS. */
export interface AccessRequest {
  /** `s3:GetObject` */
  readonly action: string;
  /** An ARN, or `*` where the action has no resource. */
  readonly resource: string;
  /**
   * Who asks, as policies of resources name them: the ARN of a role's session rather than of the role, where it is
   * known. Undefined for an anonymous request, or where only policies of the identity are evaluated.
   */
  readonly principal?: Principal | undefined;
  /** ARN of the role of a session, where it has a path, which the session's ARN does not hold. */
  readonly roleArn?: string | undefined;
  /** The account of a resource whose ARN has none: a bucket's. It is the requester's own when nobody tells. */
  readonly resourceAccount?: string | undefined;
  readonly context: Context;
}

/** All policies that apply to a request; what is undefined does not exist. */
export interface Policies {
  /** Policies of the user or role; services, identity providers and the anonymous have none. */
  readonly identityPolicies?: readonly Statement[] | undefined;
  readonly resourcePolicy?: readonly Statement[] | undefined;
  /** The most that policies of the identity may allow. */
  readonly boundary?: readonly Statement[] | undefined;
  readonly sessionPolicy?: readonly Statement[] | undefined;
}

export interface Decision {
  readonly result: "allowed" | "explicitly-denied" | "implicitly-denied";
  /** The statements that allow the request, or the one that denies it; empty where no statement decided. */
  readonly statements: readonly Statement[];
  /** `permissions[1] denies it`, `nothing allows it`; when it is allowed, the names of the statements. */
  readonly reason: string;
}

/** Actions for which a policy of the identity is not enough: the resource's own policy must let it count. */
const ACTIONS_NEEDING_RESOURCE_POLICY = ["kms:*", "sts:AssumeRole*"];

/**
 * Decides as IAM does for one request, within an account and across accounts. Policies of organizations are not known
 * here.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function evaluate(request: AccessRequest, policies: Policies): Decision {
  const { identityPolicies, resourcePolicy, boundary, sessionPolicy } = policies;
  const isDenied = (one: Statement) => denies(one, request);
  const denial =
    identityPolicies?.find(isDenied) ??
    boundary?.find(isDenied) ??
    sessionPolicy?.find(isDenied) ??
    resourcePolicy?.find((one) => isDenied(one) && namingOf(one, request) !== undefined);
  if (denial !== undefined)
    return { result: "explicitly-denied", statements: [denial], reason: `${denial.name} denies it` };
  const isAllowed = (one: Statement) => allows(one, request);
  const granted = resourcePolicy?.filter(isAllowed) ?? [];
  const grants: Grants = {
    itself: named(granted, request, "itself"),
    role: named(granted, request, "role"),
    account: named(granted, request, "account"),
    identity: identityPolicies?.filter(isAllowed) ?? [],
  };
  return isAcrossAccounts(request)
    ? acrossAccounts(request, policies, grants)
    : withinAccount(request, policies, grants);
}

/** Statements that allow the request: those of the resource's policy by how they name the requester. */
type Grants = Readonly<Record<Naming | "identity", readonly Statement[]>>;

function withinAccount(request: AccessRequest, policies: Policies, grants: Grants): Decision {
  const { itself, role, account, identity } = grants;
  if (itself.length > 0) return allowed([...itself, ...identity]);
  const isOwnEnough =
    policies.resourcePolicy === undefined ||
    !ACTIONS_NEEDING_RESOURCE_POLICY.some((pattern) => matchesAction(pattern, request.action)) ||
    role.length + account.length > 0;
  const all = [...role, ...(isOwnEnough ? identity : [])];
  if (all.length === 0) return implicitlyDenied("nothing allows it");
  return limit(request, policies) ?? allowed(all);
}

/** Both accounts must allow it. */
function acrossAccounts(request: AccessRequest, policies: Policies, grants: Grants): Decision {
  const { itself, role, account, identity } = grants;
  const shared = [...itself, ...role, ...account];
  if (shared.length === 0) return implicitlyDenied("the resource's policy does not allow it");
  if (identity.length === 0) return implicitlyDenied("nothing allows it");
  return limit(request, policies) ?? allowed([...identity, ...shared]);
}

/** The decision of a boundary or a session's policy that does not allow a request; undefined where both do. */
function limit(request: AccessRequest, { boundary, sessionPolicy }: Policies): Decision | undefined {
  const isAllowed = (limits: readonly Statement[] | undefined) =>
    limits === undefined || limits.some((one) => allows(one, request));
  if (!isAllowed(boundary)) return implicitlyDenied("its boundary does not allow it");
  return isAllowed(sessionPolicy) ? undefined : implicitlyDenied("its session's policy does not allow it");
}

function isAcrossAccounts({ principal, resource, resourceAccount }: AccessRequest): boolean {
  const own = accountOf(principal);
  const other = resourceAccount ?? /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1];
  return own !== undefined && other !== undefined && own !== other;
}

const named = (statements: readonly Statement[], request: AccessRequest, naming: Naming) =>
  statements.filter((one) => namingOf(one, request) === naming);

const allows = (statement: Statement, request: AccessRequest) =>
  statement.effect === "Allow" && concerns(statement, request);

const denies = (statement: Statement, request: AccessRequest) =>
  statement.effect === "Deny" && concerns(statement, request);

/** Whether a statement is about a request, whoever sends it. A statement without a resource is about the policy's own. */
function concerns(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  const { actions, notActions, resources, notResources, conditions } = statement;
  const variables = variablesOf(statement, context);
  const isAction = (pattern: string) => matchesAction(pattern, action);
  const isResource = (pattern: string) => matchesResource(pattern, resource, variables);
  return (
    (notActions.length > 0 ? !notActions.some(isAction) : actions.some(isAction)) &&
    (notResources.length > 0
      ? !notResources.some(isResource)
      : resources.length === 0 || resources.some(isResource)) &&
    areMet(conditions, context, variables)
  );
}

/** Values of the policy variables of a statement; undefined where its document has none. */
export function variablesOf({ hasVariables }: Statement, context: Context): Variables | undefined {
  if (!hasVariables) return undefined;
  return (key) => {
    const values = valuesIn(context, key);
    // A key with several values is no variable.
    return values.length === 1 ? values[0] : undefined;
  };
}

function allowed(statements: readonly Statement[]): Decision {
  return { result: "allowed", statements, reason: statements.map(({ name }) => name).join(", ") };
}

function implicitlyDenied(reason: string): Decision {
  return { result: "implicitly-denied", statements: [], reason };
}
