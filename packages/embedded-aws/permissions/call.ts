import type { AccessRequest } from "@packages/iam/evaluate";
import { type RoleCall, UnknownCallError } from "./role-call";
import { s3Asks } from "./s3-call";

/**
 * IAM requests of a call: an action on one or several resources. Empty for calls that need no permission. Throws for
 * unknown calls.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function asksOf(call: RoleCall, account: string): AccessRequest[] {
  if (call.service === "s3") return s3Asks(call).map((asked) => withContext(asked, call));
  const { operation, names, region } = call;
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const ask = (action: string, resource: string) => [withContext({ action, resource, context: {} }, call)];
  switch (call.service) {
    case "sqs": {
      const queue = names.QueueName ?? names.QueueUrl?.split("/").at(-1);
      // The right to do a thing is the right to do it ten at a time.
      if (queue && operation) return ask(`sqs:${operation.replace(/Batch$/, "")}`, arn("sqs", queue));
      break;
    }
    case "secretsmanager":
      if (names.SecretId && operation) return ask(`secretsmanager:${operation}`, names.SecretId);
      break;
    case "logs": {
      const stream = `log-group:${names.logGroupName}:log-stream:${names.logStreamName}`;
      if (names.logGroupName && names.logStreamName && operation)
        return ask(`logs:${operation}`, arn("logs", stream));
      break;
    }
    case "cognito-idp":
      // Other calls name a token or an app client, and need no permission or one that is not known here.
      if (names.UserPoolId && operation)
        return ask(`cognito-idp:${operation}`, arn("cognito-idp", `userpool/${names.UserPoolId}`));
      break;
    case "cloudfront":
      // A global service: its ARNs have no region.
      if (names.DistributionId && operation) {
        const distribution = `arn:aws:cloudfront::${account}:distribution/${names.DistributionId}`;
        return ask(`cloudfront:${operation}`, distribution);
      }
      break;
    case "xray":
      if (operation) return ask(`xray:${operation}`, "*");
      break;
    case "sts":
      if (operation === "GetCallerIdentity") return [];
  }
  throw new UnknownCallError(call);
}

function withContext(
  { action, resource, context }: AccessRequest,
  { region, role }: RoleCall,
): AccessRequest {
  // Local servers replace AWS's TLS endpoints.
  const always = {
    "aws:securetransport": "true",
    "aws:requestedregion": region,
    "aws:principalarn": role,
  };
  return { action, resource, context: { ...always, ...context } };
}
