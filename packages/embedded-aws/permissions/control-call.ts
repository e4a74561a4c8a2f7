import type { AccessRequest } from "@packages/iam/evaluate";
import { type RoleCall, UnknownCallError } from "./role-call";
import { s3Asks } from "./s3-call";

/** Services that IAM calls otherwise than signatures do. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: "cloudwatch", tagging: "tag" };

/** Operations of one service for which a right of another name is needed. */
const ACTIONS: readonly (readonly [operations: RegExp, action: string])[] = [
  [/^budgets:Describe/, "budgets:ViewBudget"],
];

/**
 * What a call of Terraform asks of IAM. Resources are named in S3 alone: elsewhere a role that plans may read all or
 * nothing. Empty for what everybody may do. Throws on a call whose operation is not known.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function controlAsks(call: RoleCall): AccessRequest[] {
  if (call.service === "s3") return s3Asks(call);
  if (call.service === "sts" && call.operation === "GetCallerIdentity") return [];
  // What it does there is named by the method: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
  const operation = call.service === "apigateway" ? call.method : call.operation;
  if (operation === "") throw new UnknownCallError(call);
  const action = `${PREFIXES[call.service] ?? call.service}:${operation}`;
  const other = ACTIONS.find(([operations]) => operations.test(action))?.[1];
  return [{ action: other ?? action, resource: "*", context: {} }];
}
