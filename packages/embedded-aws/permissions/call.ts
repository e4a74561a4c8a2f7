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
  const { target, names, region } = call;
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const ask = (action: string, resource: string) => [withContext({ action, resource, context: {} }, call)];
  switch (call.service) {
    case "sqs": {
      const queue = names.QueueName ?? names.QueueUrl?.split("/").at(-1);
      // Batch operations need the permission of the single operation.
      if (queue && target) return ask(`sqs:${target.replace(/Batch$/, "")}`, arn("sqs", queue));
      break;
    }
    case "secretsmanager":
      if (names.SecretId && target) return ask(`secretsmanager:${target}`, names.SecretId);
      break;
    case "logs": {
      const stream = `log-group:${names.logGroupName}:log-stream:${names.logStreamName}`;
      if (names.logGroupName && names.logStreamName && target)
        return ask(`logs:${target}`, arn("logs", stream));
      break;
    }
    case "xray": {
      const action = { "/TraceSegments": "PutTraceSegments", "/TelemetryRecords": "PutTelemetryRecords" }[
        call.path
      ];
      if (action) return ask(`xray:${action}`, "*");
      break;
    }
    case "sts":
      if (names.Action === "GetCallerIdentity") return [];
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
