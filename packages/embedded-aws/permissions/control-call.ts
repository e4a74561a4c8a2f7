import type { AccessRequest } from "@packages/iam/evaluate";
import { passRoleAsks } from "./passed-roles";
import { type RoleCall, UnknownCallError } from "./role-call";
import { s3Asks } from "./s3-call";

/** Services that IAM calls otherwise than signatures do. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: "cloudwatch", tagging: "tag" };

/** IAM actions of operations, where they are others or several. */
const ACTIONS: readonly (readonly [operations: RegExp, actions: readonly string[]])[] = [
  [/^cloudfront:CreateDistributionWithTags$/, ["cloudfront:CreateDistribution", "cloudfront:TagResource"]],
  [/^budgets:Describe/, ["budgets:ViewBudget"]],
  [/^budgets:(Create|Update|Delete)/, ["budgets:ModifyBudget"]],
  // Tags are part of the answer only with the second permission.
  [/^lambda:GetFunction$/, ["lambda:GetFunction", "lambda:ListTags"]],
];

/**
 * The actions that a call of Terraform needs. Resources are named in S3, IAM and API Gateway; for other services they
 * are `*`. Roles that the request hands to a service need `iam:PassRole`. Empty for what every identity may call.
 * Throws where no model knows the operation.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function controlAsks(call: RoleCall, account: string): AccessRequest[] {
  return [...ownAsks(call, account), ...passRoleAsks(call)];
}

function ownAsks(call: RoleCall, account: string): AccessRequest[] {
  const { service, operation, method, path, region } = call;
  if (operation === "") throw new UnknownCallError(call);
  if (service === "s3") return s3Asks(call);
  if (service === "iam") return [iamAsk(call, account)];
  if (service === "sts" && operation === "GetCallerIdentity") return [];
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
  if (service === "apigateway") return [ask(`apigateway:${method}`, `arn:aws:apigateway:${region}::${path}`)];
  const action = `${PREFIXES[service] ?? service}:${operation}`;
  const needed = ACTIONS.find(([operations]) => operations.test(action))?.[1] ?? [action];
  return needed.map((name) => ask(name, "*"));
}

/** IAM's actions have the names of its operations; a change of a role has its boundary as a condition. */
function iamAsk({ operation, names, boundary }: RoleCall, account: string): AccessRequest {
  const { RoleName, PolicyArn, PolicyName, OpenIDConnectProviderArn, PermissionsBoundary } = names;
  const arn = (kind: string, name: string) => `arn:aws:iam::${account}:${kind}/${name}`;
  const named = [
    RoleName === undefined ? undefined : arn("role", RoleName),
    OpenIDConnectProviderArn,
    PolicyArn,
    PolicyName === undefined ? undefined : arn("policy", PolicyName),
  ];
  const limit = PermissionsBoundary ?? boundary;
  return {
    action: `iam:${operation}`,
    resource: named.find((one) => one !== undefined) ?? "*",
    context: limit === "" ? {} : { "iam:permissionsboundary": limit },
  };
}

const ask = (action: string, resource: string): AccessRequest => ({ action, resource, context: {} });
