import { GetFunctionCommand, type LambdaClient } from "@aws-sdk/client-lambda";

/** A deployed function, or one version of it, as Lambda runs it. */
export interface FunctionConfiguration {
  readonly name: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** Of the version; without a qualifier for `$LATEST`. */
  readonly arn: string;
  readonly handler: string;
  readonly runtime: string;
  readonly role: string;
  /** MB. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  /** The deployed variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logFormat: "JSON" | "Text";
  readonly tracing: boolean;
  /** ARN of the queue or topic that gets asynchronous events whose attempts all failed. */
  readonly deadLetterTarget: string | undefined;
  /** Executions at once; undefined where none are reserved. */
  readonly reserved: number | undefined;
  /** Base64 SHA-256 of the zip. */
  readonly codeSha256: string;
  /** Where the zip can be fetched. */
  readonly codeLocation: string;
}

export interface FunctionReference {
  readonly functionName: string;
  /** A version or an alias. */
  readonly qualifier?: string | undefined;
}

/** What Lambda says of a function. Throws ResourceNotFoundException. */
export async function readConfiguration(
  client: LambdaClient,
  { functionName, qualifier }: FunctionReference,
): Promise<FunctionConfiguration> {
  const answer = await client.send(
    new GetFunctionCommand({ FunctionName: functionName, Qualifier: qualifier }),
  );
  const { Configuration: found = {}, Code = {}, Concurrency } = answer;
  const name = found.FunctionName ?? functionName;
  return {
    name,
    version: found.Version ?? "$LATEST",
    arn: found.FunctionArn ?? "",
    handler: found.Handler ?? "",
    runtime: found.Runtime ?? "",
    role: found.Role ?? "",
    memory: found.MemorySize ?? 128,
    timeout: found.Timeout ?? 3,
    environment: found.Environment?.Variables ?? {},
    logGroup: found.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
    logFormat: found.LoggingConfig?.LogFormat === "JSON" ? "JSON" : "Text",
    tracing: found.TracingConfig?.Mode === "Active",
    deadLetterTarget: found.DeadLetterConfig?.TargetArn,
    reserved: Concurrency?.ReservedConcurrentExecutions,
    codeSha256: found.CodeSha256 ?? "",
    codeLocation: Code.Location ?? "",
  };
}
