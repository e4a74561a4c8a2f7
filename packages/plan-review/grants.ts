import { conditionsOf, isEverybody, type Statement } from "@packages/iam/document";
import { type PlannedStatement, plannedStatements } from "@packages/iam/planned-policy";
import { accountOf } from "@packages/iam/principals";
import { Value } from "@packages/terraform/value";
import type { Change } from "./changes";
import { COMPUTED, UNKNOWN } from "./placeholders";
import type { Attributes } from "@packages/terraform/plan";
import { type Grant, grant } from "./grant";
import { letsTheWorldIn } from "./reach";
import { grantReader } from "./rules/grant-readers";

export type { Grant } from "./grant";

/** Attributes that name a policy's resource. */
const HOLDERS = ["bucket", "queue_url", "arn", "secret_arn", "repository", "backup_vault_name", "key_id"];

/** AWS managed policies with full access to an account, the last two indirectly. */
const ADMINISTRATORS = /:aws:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

/** Types whose policies limit other grants. */
const LIMITS = ["aws_vpc_endpoint", "aws_vpc_endpoint_policy"];

/** All actions, or all of a service. */
const EVERY_ACTION = /^(?:[*?]*\*[*?]*|[\w*?-]+:[*?]*\*[*?]*)$/;

/** Begins the text of NotAction and NotResource. */
export const EVERYTHING_EXCEPT = "everything except";

/** Action text for policies that are unknown before apply. */
export const UNKNOWN_BEFORE_APPLY = "actions known only after apply";

/** Permissions that a resource grants with its attributes before or after. */
export function grantsOf(change: Change, values: Attributes | undefined): Grant[] {
  if (values === undefined) return [];
  const { address, type } = change;
  const at = new Value(values);
  switch (type) {
    case "aws_iam_role_policy":
    case "aws_iam_user_policy":
    case "aws_iam_group_policy":
      return documentGrants(at.at("policy"), { address, owner: ownerOf(change) });
    case "aws_iam_policy":
      return documentGrants(at.at("policy"), { address, owner: `policy ${ownerOf(change)}` });
    case "aws_ssoadmin_permission_set_inline_policy":
      return documentGrants(at.at("inline_policy"), { address, owner: `permission set ${address}` });
    case "aws_iam_role_policy_attachment":
    case "aws_iam_user_policy_attachment":
    case "aws_iam_group_policy_attachment":
      return [attachment({ address, owner: ownerOf(change), arn: at.at("policy_arn").text })];
    case "aws_ssoadmin_managed_policy_attachment":
      return [
        attachment({ address, owner: `permission set ${address}`, arn: at.at("managed_policy_arn").text }),
      ];
    case "aws_iam_policy_attachment":
      return ["roles", "users", "groups"]
        .flatMap((kind) => at.at(kind).texts)
        .map((owner) => attachment({ address, owner, arn: at.at("policy_arn").text }));
    case "aws_iam_role":
    case "aws_iam_user":
      return ofIdentity(change, at);
    case "aws_lambda_permission":
      return [callGrant(address, at)];
    default:
      return [...(grantReader(type)?.read(at, address) ?? []), ...resourcePolicies(change, values)];
  }
}

/** Attributes whose value is a policy, as the provider names them. */
const POLICY_NAME =
  /(?:^|\.)(?:policy|assume_role_policy|access_policy|access_policies|resource_policy|policy_document|policy_text|inline_policy\.policy|key_policy|repository_policy|filesystem_policy)$/;

/** Types all of whose attributes are permissions. */
const ACCESS_TYPES =
  /^aws_(?:iam_(?:role|user|group)_policy(?:_attachment)?|iam_policy_attachment|lambda_permission|ssoadmin_managed_policy_attachment)$/;

/** Whether permissions are read from an attribute. */
export function isJudgedAccess(type: string, path: string): boolean {
  if (ACCESS_TYPES.test(type) || grantReader(type)?.covers.some((name) => name === path) === true)
    return true;
  if (/(?:^|\.)Statement(?:\.|$)/.test(path)) return true;
  const whole = path.replace(/\.(?:Version|Id)$/, "");
  const isIdentity = /^aws_iam_(?:role|user)$/.test(type);
  return (
    POLICY_NAME.test(whole) || (isIdentity && /^(?:permissions_boundary|managed_policy_arns)$/.test(path))
  );
}

function ofIdentity(change: Change, at: Value): Grant[] {
  const { address } = change;
  const owner = ownerOf(change);
  const boundary = at.at("permissions_boundary").text;
  return [
    ...documentGrants(at.at("assume_role_policy"), { address }).map((one) => ({ ...one, resource: owner })),
    ...at
      .at("inline_policy")
      .list.flatMap((policy) => documentGrants(policy.at("policy"), { address, owner })),
    ...at
      .at("managed_policy_arns")
      .texts.filter((arn) => !isUnknown(arn))
      .map((arn) => attachment({ address, owner, arn })),
    ...(boundary === ""
      ? []
      : [
          {
            ...grant({
              address,
              principal: owner,
              action: `actions beyond its boundary ${boundary}`,
              resource: "*",
            }),
            effect: "deny" as const,
          },
        ]),
  ];
}

/** Permissions of all attributes at any depth that contain a policy, for any resource type. */
function resourcePolicies({ action, address, type }: Change, values: Attributes): Grant[] {
  const isPolicy = type.endsWith("_policy");
  // An inline policy is deleted with its resource, so nothing is gained or lost.
  if (action === "delete" && !isPolicy) return [];
  const at = new Value(values);
  const target = HOLDERS.map((name) => at.at(name).text).find((text) => text !== "" && !isUnknown(text));
  const holder = isPolicy && target !== undefined ? target : address;
  const limits = LIMITS.includes(type);
  return policiesIn(values, { isPolicy, path: "" })
    .flatMap((policy) => documentGrants(policy, { address }))
    .map((one) => ({ ...one, holder, world: one.world && !limits, wide: one.wide && !limits }));
}

/** Policy documents at any depth, and policies that are known only after apply. */
function policiesIn(value: unknown, place: { readonly isPolicy: boolean; readonly path: string }): Value[] {
  const at = new Value(value);
  if (isDocument(at)) return [at];
  const { isPolicy, path } = place;
  if (typeof value === "string") {
    // A policy that the code does not set is the provider's own, but not in a resource that is only a policy.
    const isSet = at.text === UNKNOWN || (isPolicy && at.text === COMPUTED);
    return isSet && (POLICY_NAME.test(path) || (isPolicy && /policy/.test(path))) ? [at] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const below = Array.isArray(value) ? path : path === "" ? key : `${path}.${key}`;
    return policiesIn(member, { isPolicy, path: below });
  });
}

function isDocument({ raw }: Value): boolean {
  if (typeof raw === "string") return raw.includes('"Statement"');
  return typeof raw === "object" && raw !== null && !Array.isArray(raw) && "Statement" in raw;
}

interface PolicyPlace {
  /** Address of the resource that contains the policy. */
  readonly address: string;
  /** Owner of the permissions; without it, statements name principals. */
  readonly owner?: string;
}

function documentGrants(document: Value, place: PolicyPlace): Grant[] {
  const { address, owner } = place;
  // Unknown before apply, also in the code.
  if (isUnknown(document.text)) {
    return [grant({ address, principal: owner ?? address, action: UNKNOWN_BEFORE_APPLY, resource: "*" })];
  }
  return plannedStatements(document).flatMap((statement) => statementGrants(statement, place));
}

function statementGrants(statement: PlannedStatement, { address, owner }: PolicyPlace): Grant[] {
  const { effect, actions, notActions, resources, notResources, condition } = statement;
  const who = owner === undefined ? whoOf(statement) : [{ principal: owner }];
  const what = notActions.length > 0 ? [`${EVERYTHING_EXCEPT} ${notActions.join(", ")}`] : actions;
  const except = notResources.length > 0 ? [`${EVERYTHING_EXCEPT} ${notResources.join(", ")}`] : ["itself"];
  const where = resources.length === 0 ? except : resources;
  return who.flatMap((holder) =>
    what.flatMap((action) =>
      where.map((resource) => ({
        ...grant({ address, principal: holder.principal, action, resource, condition }),
        ...holder,
        wide: notActions.length > 0 || EVERY_ACTION.test(action),
        effect: effect === "Deny" ? ("deny" as const) : ("allow" as const),
      })),
    ),
  );
}

/** Principals of a statement, and whether each is the public or an account. */
function whoOf({ principals, notPrincipals, conditions }: Statement) {
  const named = principals.map((who) => ({
    principal: principalOf(who),
    world: letsTheWorldIn(who, conditions),
    account: accountOf(who),
  }));
  if (notPrincipals.length === 0) return named;
  const but = `anyone except ${notPrincipals.map(principalOf).join(", ")}`;
  return [...named, { principal: but, world: letsTheWorldIn("*", conditions) }];
}

/** Permission to invoke a function; unset keys are no condition. */
function callGrant(address: string, at: Value): Grant {
  const keys = {
    "aws:SourceArn": at.at("source_arn").text,
    "aws:SourceAccount": at.at("source_account").text,
    "aws:PrincipalOrgID": at.at("principal_org_id").text,
  };
  const set = Object.entries(keys).filter(([, value]) => value !== "");
  const condition = set.length === 0 ? undefined : { StringLike: Object.fromEntries(set) };
  const principal = at.at("principal").text;
  return {
    ...grant({
      address,
      principal: principalOf(principal),
      action: at.at("action").text,
      resource: at.at("function_name").text,
      condition,
    }),
    world: letsTheWorldIn(principal, conditionsOf(condition)),
    account: accountOf(principal),
    anyCaller: condition === undefined && /\.amazonaws\.com(?:\.\w+)?$/.test(principal),
  };
}

interface Attachment {
  /** Address of the resource that contains it. */
  readonly address: string;
  readonly owner: string;
  /** ARN of the policy. */
  readonly arn: string;
}

function attachment({ address, owner, arn }: Attachment): Grant {
  return {
    ...grant({ address, principal: owner, action: "all actions of a policy", resource: arn }),
    wide: ADMINISTRATORS.test(arn),
  };
}

/** Owner of a policy: the construct of its role, or the role's name. */
function ownerOf({ construct, before, after, address, type }: Change): string {
  const kind = /^aws_iam_(role|user|group)_policy/.exec(type)?.[1];
  if (kind === undefined) return construct ?? address;
  if (construct !== undefined) return construct.replace(/\/[^/]+$/, "");
  const names = [after, before].map((side) => new Value(side).at(kind).text);
  return names.find((name) => name !== "" && !isUnknown(name)) ?? `the ${kind} of ${address}`;
}

const isUnknown = (text: string): boolean => text === UNKNOWN || text === COMPUTED;

const principalOf = (who: string): string =>
  isEverybody(who) ? "anyone" : who.replace(/^(AWS|Service|Federated):/, "");
