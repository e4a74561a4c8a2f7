import { GetPolicyCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { parsePolicy } from "@packages/iam/document";
import { evaluate } from "@packages/iam/evaluate";
import { functionOf } from "./function-reference";

/** An invocation of a function by a service for a resource. */
export interface Invocation {
  /** `apigateway.amazonaws.com` */
  readonly service: string;
  readonly functionArn: string;
  /** ARN of a method, bucket, topic or rule: `arn:aws:execute-api:us-east-1:111122223333:abc/dev/GET/videos` */
  readonly sourceArn: string;
  /** The account of the resource. */
  readonly sourceAccount: string;
}

/**
 * Whether a function's policy allows an invocation.
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
 */
export function allowsInvocation(policy: string, invocation: Invocation): boolean {
  const { service, functionArn, sourceArn, sourceAccount } = invocation;
  const request = {
    action: "lambda:InvokeFunction",
    resource: functionArn,
    principal: `Service:${service}`,
    context: {
      "aws:SourceArn": sourceArn,
      "aws:SourceAccount": sourceAccount,
      "aws:PrincipalIsAWSService": "true",
      "aws:PrincipalServiceName": service,
      "aws:SecureTransport": "true",
    },
  } as const;
  return evaluate(request, { resourcePolicy: parsePolicy(functionArn, policy) }).result === "allowed";
}

/** Whether Lambda has a policy that allows the invocation; false without a policy. */
export async function mayInvoke(client: LambdaClient, invocation: Invocation): Promise<boolean> {
  const { functionName, qualifier } = functionOf(invocation.functionArn);
  const policy = await client
    .send(new GetPolicyCommand({ FunctionName: functionName, Qualifier: qualifier }))
    .catch((error: Error) => {
      if (error.name === "ResourceNotFoundException") return undefined;
      throw error;
    });
  return policy?.Policy !== undefined && allowsInvocation(policy.Policy, invocation);
}
