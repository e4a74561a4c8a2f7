import { conditionsOf, isEverybody, type Statement } from "@packages/iam/document";
import { type PlannedStatement, plannedStatements } from "@packages/iam/planned-policy";
import { accountOf } from "@packages/iam/principals";
import { Value } from "@packages/terraform/value";
import type { Change } from "./changes";
import { COMPUTED, UNKNOWN } from "./placeholders";
import type { Attributes } from "@packages/terraform/plan";
import { letsTheWorldIn } from "./reach";

/** One right: who may, or may not, do what to what. */
export interface Grant {
  readonly effect: "allow" | "deny";
  /** A role by its construct, a service, an account; `anybody` is the world. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** JSON of the condition; empty where there is none. */
  readonly condition: string;
  /** Where it is written. */
  readonly address: string;
  /** What it hangs on, where that is not told by `resource`: `*` of a key's policy is that key. */
  readonly holder?: string | undefined;
  /** Whether everybody has it, whatever the condition says. */
  readonly world: boolean;
  /** The account that has it, where it is given to one by its number. */
  readonly account?: string | undefined;
  /** Whether it gives more than it names: all actions, all but some, or a policy of AWS that allows everything. */
  readonly wide: boolean;
}

/** Attributes by which a policy says what it is of. */
const HOLDERS = ["bucket", "queue_url", "arn", "secret_arn", "repository", "backup_vault_name", "key_id"];

/** Policies of AWS that give a whole account away, the last two by a detour. */
const ADMINISTRATORS = /:aws:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

/** Their policies limit what others grant. */
const LIMITS = ["aws_vpc_endpoint", "aws_vpc_endpoint_policy"];

/** All actions, or all of a service. */
const EVERY_ACTION = /^(?:\*+|[\w*-]+:\*+)$/;

/** Said of a policy whose words nobody knows before it is applied. */
const UNKNOWN_BEFORE_APPLY = "what is known only after apply";

/** Rights that a resource gives, as its attributes are before or after. */
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
    case "aws_iam_role_policy_attachment":
    case "aws_iam_user_policy_attachment":
    case "aws_iam_group_policy_attachment":
      return [attachment({ address, owner: ownerOf(change), arn: at.at("policy_arn").text })];
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
      return resourcePolicies(change, values);
  }
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
              action: `more than its boundary ${boundary}`,
              resource: "*",
            }),
            effect: "deny" as const,
          },
        ]),
  ];
}

/** Every attribute that holds a policy, whatever the resource is. */
function resourcePolicies({ action, address, type }: Change, values: Attributes): Grant[] {
  const isPolicy = type.endsWith("_policy");
  // The policy within a resource goes with the resource: nobody gains or loses anything.
  if (action === "delete" && !isPolicy) return [];
  const at = new Value(values);
  const target = HOLDERS.map((name) => at.at(name).text).find((text) => text !== "" && !isUnknown(text));
  const holder = isPolicy && target !== undefined ? target : address;
  const limits = LIMITS.includes(type);
  return Object.keys(values)
    .filter(
      (name) => isDocument(at.at(name)) || (isPolicy && /policy/.test(name) && isUnknown(at.at(name).text)),
    )
    .flatMap((name) => documentGrants(at.at(name), { address }))
    .map((one) => ({ ...one, holder, world: one.world && !limits, wide: one.wide && !limits }));
}

function isDocument({ raw }: Value): boolean {
  if (typeof raw === "string") return raw.includes('"Statement"');
  return typeof raw === "object" && raw !== null && "Statement" in raw;
}

interface PolicyPlace {
  /** Where the policy is written. */
  readonly address: string;
  /** Who has what it grants; without one its statements say who. */
  readonly owner?: string;
}

function documentGrants(document: Value, place: PolicyPlace): Grant[] {
  const { address, owner } = place;
  // Not yet known, and not told by the code either.
  if (isUnknown(document.text)) {
    return [grant({ address, principal: owner ?? address, action: UNKNOWN_BEFORE_APPLY, resource: "*" })];
  }
  return plannedStatements(document).flatMap((statement) => statementGrants(statement, place));
}

function statementGrants(statement: PlannedStatement, { address, owner }: PolicyPlace): Grant[] {
  const { effect, actions, notActions, resources, notResources, condition } = statement;
  const who = owner === undefined ? whoOf(statement) : [{ principal: owner }];
  const what = notActions.length > 0 ? [`everything but ${notActions.join(", ")}`] : actions;
  const except = notResources.length > 0 ? [`everything but ${notResources.join(", ")}`] : ["itself"];
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

/** Whom a statement names, and whether that is the world, or an account. */
function whoOf({ principals, notPrincipals, conditions }: Statement) {
  const named = principals.map((who) => ({
    principal: principalOf(who),
    world: letsTheWorldIn(who, conditions),
    account: accountOf(who),
  }));
  if (notPrincipals.length === 0) return named;
  const but = `anybody but ${notPrincipals.map(principalOf).join(", ")}`;
  return [...named, { principal: but, world: letsTheWorldIn("*", conditions) }];
}

/** Who may call a function. What is not set is no condition. */
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
  };
}

interface Attachment {
  /** Where it is written. */
  readonly address: string;
  readonly owner: string;
  /** Of the policy. */
  readonly arn: string;
}

function attachment({ address, owner, arn }: Attachment): Grant {
  return {
    ...grant({ address, principal: owner, action: "all of a policy", resource: arn }),
    wide: ADMINISTRATORS.test(arn),
  };
}

interface Granted extends Pick<Grant, "address" | "principal" | "action" | "resource"> {
  /** The Condition element. */
  readonly condition?: unknown;
}

/** An allowed right, neither the world's nor wide. */
function grant({ condition, ...right }: Granted): Grant {
  const told = condition === undefined || condition === null ? "" : JSON.stringify(condition);
  return { ...right, effect: "allow", condition: told === "{}" ? "" : told, world: false, wide: false };
}

/** The role that a policy belongs to: the construct around it, or the name that AWS knows. */
function ownerOf({ construct, before, after, address, type }: Change): string {
  const kind = /^aws_iam_(role|user|group)_policy/.exec(type)?.[1];
  if (kind === undefined) return construct ?? address;
  if (construct !== undefined) return construct.replace(/\/[^/]+$/, "");
  const names = [after, before].map((side) => new Value(side).at(kind).text);
  return names.find((name) => name !== "" && !isUnknown(name)) ?? `the ${kind} of ${address}`;
}

const isUnknown = (text: string): boolean => text === UNKNOWN || text === COMPUTED;

const principalOf = (who: string): string =>
  isEverybody(who) ? "anybody" : who.replace(/^(AWS|Service|Federated):/, "");
