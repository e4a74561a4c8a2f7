import { statementsOf } from "../../stacks/policies/statements";
import { Value } from "../../stacks/policies/value";
import type { Change } from "./changes";
import type { Attributes } from "./plan";

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
}

/** Attributes with the policy of a resource, which names those whom it lets in. */
const RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  aws_backup_vault_policy: "policy",
  aws_ecr_repository_policy: "policy",
  aws_kms_key: "policy",
  aws_s3_bucket_policy: "policy",
  aws_secretsmanager_secret_policy: "policy",
  aws_sns_topic_policy: "policy",
  aws_sqs_queue: "policy",
  aws_sqs_queue_policy: "policy",
};

const SELF_CONTAINED = ["aws_kms_key", "aws_sqs_queue"];

/** Rights that a resource gives, as its attributes are before or after. */
export function grantsOf(change: Change, values: Attributes | undefined): Grant[] {
  const { address, type } = change;
  // The policy within a resource goes with the resource: nobody gains or loses anything.
  if (values === undefined || (change.action === "delete" && SELF_CONTAINED.includes(type))) return [];
  const at = new Value(values);
  const policy = (name: string, principal?: string): Grant[] =>
    statementGrants(at.at(name), address, principal);
  switch (type) {
    case "aws_iam_role_policy":
      return policy("policy", ownerOf(change));
    case "aws_iam_policy":
      return policy("policy", `policy ${ownerOf(change)}`);
    case "aws_iam_role_policy_attachment":
      return [grant(address, ownerOf(change), "all of a policy", at.at("policy_arn").text)];
    case "aws_iam_role":
      return [
        ...policy("assume_role_policy").map((one) => ({ ...one, resource: ownerOf(change) })),
        ...(at.at("permissions_boundary").text === ""
          ? []
          : [{ ...grant(address, ownerOf(change), "more than its boundary", "*"), effect: "deny" as const }]),
      ];
    case "aws_lambda_permission":
      return [
        grant(
          address,
          principalOf(at.at("principal").text),
          at.at("action").text,
          at.at("function_name").text,
          {
            SourceArn: at.at("source_arn").raw,
          },
        ),
      ];
    default: {
      const attribute = RESOURCE_POLICIES[type];
      return attribute === undefined ? [] : policy(attribute);
    }
  }
}

function statementGrants(document: Value, address: string, owner?: string): Grant[] {
  return statementsOf(document).flatMap(({ effect, actions, excepts, resources, principals, condition }) => {
    const who = owner === undefined ? principals.map(principalOf) : [owner];
    const what = excepts ? ["all but what it names"] : actions;
    const where = resources.length === 0 ? ["itself"] : resources;
    return who.flatMap((principal) =>
      what.flatMap((action) =>
        where.map((resource) => ({
          ...grant(address, principal, action, resource, condition.raw),
          effect: effect === "Deny" ? ("deny" as const) : ("allow" as const),
        })),
      ),
    );
  });
}

function grant(
  address: string,
  principal: string,
  action: string,
  resource: string,
  condition?: unknown,
): Grant {
  const told = condition === undefined || condition === null ? "" : JSON.stringify(condition);
  return { effect: "allow", address, principal, action, resource, condition: told === "{}" ? "" : told };
}

/** The role that a policy belongs to: the construct around it, or the name that AWS knows. */
function ownerOf({ construct, before, after, address, type }: Change): string {
  if (type === "aws_iam_role" || type === "aws_iam_policy") return construct ?? address;
  const role = new Value(after ?? before).at("role").text || address;
  return construct === undefined ? role : construct.replace(/\/[^/]+$/, "");
}

const principalOf = (who: string): string =>
  who === "*" ? "anybody" : who.replace(/^(AWS|Service|Federated):/, "");
