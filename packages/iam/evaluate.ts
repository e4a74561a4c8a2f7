import { areMet, type Context, valuesIn } from "./conditions";
import type { Principal, Statement } from "./document";
import { matchesAction, matchesResource, type Variables } from "./patterns";
import { accountOf, type Naming, namingOf } from "./principals";

/** A request to an AWS API. */
export interface AccessRequest {
  /** `s3:GetObject` */
  readonly action: string;
  /** ARN, or `*` for actions without a resource. */
  readonly resource: string;
  /**
   * The requester as resource policies name it: the ARN of the role's session rather than the role, if known. Undefined
   * for anonymous requests, or if only identity policies are evaluated.
   */
  readonly principal?: Principal | undefined;
  /** ARN of the session's role if it has a path, which the session's ARN lacks. */
  readonly roleArn?: string | undefined;
  /**
   * Account of a resource whose ARN has none, such as a bucket.
   * @default the requester's account
   */
  readonly resourceAccount?: string | undefined;
  readonly context: Context;
}

/** Policies that apply to a request; undefined ones don't exist. */
export interface Policies {
  /** Policies of the user or role; services, identity providers and anonymous requesters have none. */
  readonly identityPolicies?: readonly Statement[] | undefined;
  readonly resourcePolicy?: readonly Statement[] | undefined;
  /** Permissions boundary. */
  readonly boundary?: readonly Statement[] | undefined;
  readonly sessionPolicy?: readonly Statement[] | undefined;
}

export interface Decision {
  readonly result: "allowed" | "explicitly-denied" | "implicitly-denied";
  /** The statements that allow the request, or the one that denies it; empty if none matched. */
  readonly statements: readonly Statement[];
  /**
   * Reason such as `permissions[1] denies it` or `nothing allows it`; for an allowed request, the names of the
   * statements.
   */
  readonly reason: string;
}

/** Actions that need a resource policy in addition to the identity policy. */
const ACTIONS_NEEDING_RESOURCE_POLICY = ["kms:*", "sts:AssumeRole*"];

/**
 * Evaluates a request like IAM, within and across accounts, without organization policies.
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

/** Statements that allow the request; those of the resource policy by how they name the requester. */
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

/** Cross-account evaluation: both accounts must allow the request. */
function acrossAccounts(request: AccessRequest, policies: Policies, grants: Grants): Decision {
  const { itself, role, account, identity } = grants;
  const shared = [...itself, ...role, ...account];
  if (shared.length === 0) return implicitlyDenied("the resource's policy does not allow it");
  if (identity.length === 0) return implicitlyDenied("nothing allows it");
  return limit(request, policies) ?? allowed([...identity, ...shared]);
}

/** The denial by a boundary or session policy; undefined if both allow the request. */
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

/**
 * Whether a statement applies to a request of any requester. Without a resource, it applies to the policy's own
 * resource.
 */
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

/** Values of a statement's policy variables; undefined if its document has none. */
export function variablesOf({ hasVariables }: Statement, context: Context): Variables | undefined {
  if (!hasVariables) return undefined;
  return (key) => {
    const values = valuesIn(context, key);
    // Keys with several values can't be variables.
    return values.length === 1 ? values[0] : undefined;
  };
}

function allowed(statements: readonly Statement[]): Decision {
  return { result: "allowed", statements, reason: statements.map(({ name }) => name).join(", ") };
}

function implicitlyDenied(reason: string): Decision {
  return { result: "implicitly-denied", statements: [], reason };
}
