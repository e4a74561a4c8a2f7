import type { AccessRequest } from "@packages/iam/evaluate";
import { functionOf } from "../lambda/function-reference";
import { causedAsks } from "./caused-asks";
import { passRoleAsks } from "./passed-roles";
import { actionOf, type RoleCall, UnknownCallError } from "./role-call";
import { s3Asks } from "./s3-call";
import { tagAsks } from "./tag-asks";

/** IAM actions of operations that have another name, or several. */
const ACTIONS: readonly (readonly [operations: RegExp, actions: readonly string[]])[] = [
  [/^cloudfront:CreateDistributionWithTags$/, ["cloudfront:CreateDistribution"]],
  // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controlling-access.html
  [/^budgets:Describe/, ["budgets:ViewBudget"]],
  [/^budgets:(Create|Update|Delete)/, ["budgets:ModifyBudget"]],
  // Tags are part of the answer only with the second permission.
  // https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
  [/^lambda:GetFunction$/, ["lambda:GetFunction", "lambda:ListTags"]],
];

/**
 * The actions that a call of Terraform needs: the operation's own, that for its tags, those for what it causes in other
 * services, and `iam:PassRole` for roles that it hands over. Resources are named in S3, IAM, API Gateway and invocations;
 * for other services they are `*`. Empty for what every identity may call. Throws where no model knows the operation.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function controlAsks(call: RoleCall, account: string): AccessRequest[] {
  const asks = [
    ...ownAsks(call, account),
    ...tagAsks(call),
    ...causedAsks(call, account),
    ...passRoleAsks(call),
  ];
  const keys = asks.map(({ action, resource }) => `${action} ${resource}`);
  return asks.filter((_, index) => keys.indexOf(keys[index] ?? "") === index);
}

function ownAsks(call: RoleCall, account: string): AccessRequest[] {
  const { service, operation, method, path, region } = call;
  if (operation === "") throw new UnknownCallError(call);
  if (service === "s3") return s3Asks(call);
  if (service === "iam") return iamAsks(call, account);
  if (service === "sts" && operation === "GetCallerIdentity") return [];
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
  if (service === "apigateway") return [ask(`apigateway:${method}`, `arn:aws:apigateway:${region}::${path}`)];
  if (service === "lambda" && operation === "Invoke") return [invokeAsk(call, account)];
  const action = actionOf(call);
  const needed = ACTIONS.find(([operations]) => operations.test(action))?.[1] ?? [action];
  return needed.map((name) => ask(name, "*"));
}

/** A version or an alias is a resource of its own: https://github.com/aws/aws-cdk/issues/19273. */
function invokeAsk({ region, names }: RoleCall, account: string): AccessRequest {
  const { functionName, qualifier } = functionOf(names.FunctionName ?? "");
  const name = [functionName, names.Qualifier ?? qualifier].filter(Boolean).join(":");
  return ask("lambda:InvokeFunction", `arn:aws:lambda:${region}:${account}:function:${name}`);
}

/** IAM's actions have the names of its operations; a change of a role has its boundary as a condition. */
function iamAsks({ operation, names, boundary, tagged }: RoleCall, account: string): AccessRequest[] {
  const { RoleName, PolicyArn, PolicyName, OpenIDConnectProviderArn, PermissionsBoundary } = names;
  const arn = (kind: string, name: string) => `arn:aws:iam::${account}:${kind}/${name}`;
  const named = [
    RoleName === undefined ? undefined : arn("role", RoleName),
    OpenIDConnectProviderArn,
    PolicyArn,
    PolicyName === undefined ? undefined : arn("policy", PolicyName),
  ];
  const limit = PermissionsBoundary ?? boundary;
  const resource = named.find((one) => one !== undefined) ?? "*";
  const context = limit === "" ? {} : { "iam:permissionsboundary": limit };
  const tags = tagged && operation === "CreateRole" ? [ask("iam:TagRole", resource)] : [];
  return [{ action: `iam:${operation}`, resource, context }, ...tags];
}

const ask = (action: string, resource: string): AccessRequest => ({ action, resource, context: {} });
