import { GetPolicyCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { parsePolicy } from "@packages/iam/document";
import { evaluate } from "@packages/iam/evaluate";
import { functionOf } from "./api";

/** A service that calls a function for one of its resources. */
export interface Invocation {
  /** `apigateway.amazonaws.com` */
  readonly service: string;
  readonly functionArn: string;
  /** A method, a bucket, a topic, a rule: `arn:aws:execute-api:us-east-1:111122223333:abc/dev/GET/videos` */
  readonly sourceArn: string;
  /** The account of the resource. */
  readonly sourceAccount: string;
}

/**
 * Whether a function's policy lets a service call it for a resource.
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

/** Asks Lambda whether the service may call the function. A function without a policy may not be called. */
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
