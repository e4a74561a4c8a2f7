import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import type { AwsClientConfig } from "../../../packages/embedded-aws/client";

export const role = "arn:aws:iam::111111111111:role/function";

/** Creates the role of the tests' functions. */
export async function createRole({ endpoint }: AwsClientConfig): Promise<void> {
  const credential = "npm-start/20260101/us-east-1/iam/aws4_request";
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({
      Action: "CreateRole",
      Version: "2010-05-08",
      RoleName: "function",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
        ],
      }),
    }),
  });
  if (!response.ok) throw new Error(await response.text());
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
