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
  /** Executions at once; undefined where none are reserved. */
  readonly reserved: number | undefined;
  /** Base64 SHA-256 of the zip. */
  readonly codeSha256: string;
  /** Where the zip can be fetched. */
  readonly codeLocation: string;
}

/** What Lambda says of a function. `qualifier` is a version or an alias. Throws ResourceNotFoundException. */
export async function readConfiguration(
  client: LambdaClient,
  name: string,
  qualifier?: string,
): Promise<FunctionConfiguration> {
  const answer = await client.send(new GetFunctionCommand({ FunctionName: name, Qualifier: qualifier }));
  const { Configuration: found = {}, Code = {}, Concurrency } = answer;
  const functionName = found.FunctionName ?? name;
  return {
    name: functionName,
    version: found.Version ?? "$LATEST",
    arn: found.FunctionArn ?? "",
    handler: found.Handler ?? "",
    runtime: found.Runtime ?? "",
    role: found.Role ?? "",
    memory: found.MemorySize ?? 128,
    timeout: found.Timeout ?? 3,
    environment: found.Environment?.Variables ?? {},
    logGroup: found.LoggingConfig?.LogGroup ?? `/aws/lambda/${functionName}`,
    logFormat: found.LoggingConfig?.LogFormat === "JSON" ? "JSON" : "Text",
    tracing: found.TracingConfig?.Mode === "Active",
    reserved: Concurrency?.ReservedConcurrentExecutions,
    codeSha256: found.CodeSha256 ?? "",
    codeLocation: Code.Location ?? "",
  };
}
