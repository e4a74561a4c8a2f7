import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import type { AwsClientConfig } from "../../../packages/embedded-aws/client";

export const role = "arn:aws:iam::111111111111:role/function";

const policy = (statement: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });

/** Creates the role of the tests' functions, which may poll queues. */
export async function createRole(config: AwsClientConfig): Promise<void> {
  const client = new IAMClient(config);
  const RoleName = "function";
  const trust = { Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };
  await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }));
  const poll = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  const PolicyDocument = policy({ Action: poll, Resource: "*" });
  await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: "poll", PolicyDocument }));
}

export interface FunctionOptions {
  /** In seconds. */
  readonly timeout?: number;
  readonly memory?: number;
  readonly variables?: Record<string, string>;
}

export const zipOf = (source: string) => zipSync({ "index.js": Buffer.from(source) });

/** Deploys a function of one file. */
export async function createFunction(
  config: AwsClientConfig,
  name: string,
  source: string,
  { timeout = 5, memory = 256, variables = {} }: FunctionOptions = {},
): Promise<void> {
  const client = new LambdaClient(config);
  await client.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: role,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: zipOf(source) },
      Timeout: timeout,
      MemorySize: memory,
      Environment: { Variables: variables },
      TracingConfig: { Mode: "Active" },
    }),
  );
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 10 }, { FunctionName: name });
}
