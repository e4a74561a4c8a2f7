import { GetFunctionCommand, type LambdaClient } from "@aws-sdk/client-lambda";

/** A deployed function or version with its runtime configuration. */
export interface FunctionConfiguration {
  readonly name: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** ARN of the version; without qualifier for `$LATEST`. */
  readonly arn: string;
  readonly handler: string;
  readonly runtime: string;
  readonly role: string;
  /** Memory in MB. */
  readonly memory: number;
  /** Timeout in seconds. */
  readonly timeout: number;
  /** Deployed environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logFormat: "JSON" | "Text";
  readonly tracing: boolean;
  /** ARN of the dead-letter queue or topic of asynchronous events. */
  readonly deadLetterTarget: string | undefined;
  /** Reserved concurrency; undefined without one. */
  readonly reserved: number | undefined;
  /** Base64 SHA-256 of the zip. */
  readonly codeSha256: string;
  /** Download URL of the zip. */
  readonly codeLocation: string;
}

export interface FunctionReference {
  readonly functionName: string;
  /** A version or an alias. */
  readonly qualifier?: string | undefined;
}

/** Reads a function's configuration from Lambda. Throws ResourceNotFoundException. */
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
