import type { AccessRequest } from "@packages/iam/evaluate";
import { type RoleCall, UnknownCallError } from "./role-call";
import { s3Asks } from "./s3-call";

/** IAM prefixes of services that differ from signatures. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: "cloudwatch", tagging: "tag" };

/** Operations that need a permission with another name. */
const ACTIONS: readonly (readonly [operations: RegExp, action: string])[] = [
  [/^budgets:Describe/, "budgets:ViewBudget"],
];

/**
 * IAM requests of a Terraform call. Only S3 requests have resources: in other services, planning roles may read all
 * resources or none. Empty for calls that need no permission. Throws for unknown operations.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function controlAsks(call: RoleCall): AccessRequest[] {
  if (call.service === "s3") return s3Asks(call);
  if (call.service === "sts" && call.operation === "GetCallerIdentity") return [];
  // The HTTP method is the action:
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
  const operation = call.service === "apigateway" ? call.method : call.operation;
  if (operation === "") throw new UnknownCallError(call);
  const action = `${PREFIXES[call.service] ?? call.service}:${operation}`;
  const other = ACTIONS.find(([operations]) => operations.test(action))?.[1];
  return [{ action: other ?? action, resource: "*", context: {} }];
}
