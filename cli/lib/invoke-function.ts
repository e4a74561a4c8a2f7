import { InvokeCommand, LambdaClient, type LambdaClientConfig } from "@aws-sdk/client-lambda";

export interface Invocation {
  /** Name of the function. */
  readonly name: string;
  readonly event: unknown;
  /** Location of its log, for error messages. */
  readonly log: string;
}

/**
 * Invokes a deployed function and returns its JSON result. Throws the function's error with the location of its log.
 */
export async function invokeFunction(
  config: LambdaClientConfig,
  { name, event, log }: Invocation,
): Promise<unknown> {
  const client = new LambdaClient({ ...config, maxAttempts: 1 });
  try {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: name, Qualifier: "live", Payload: JSON.stringify(event) }),
    );
    const result = parsed(Buffer.from(Payload ?? "null").toString("utf8"));
    if (!FunctionError) return result;
    const { errorType, errorMessage } = result as { errorType: string; errorMessage: string };
    throw new Error(`the function ${name} failed (${log}):\n${errorType}: ${errorMessage}`);
  } finally {
    client.destroy();
  }

  function parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`the function ${name} did not answer with JSON (${log}): ${text.slice(0, 200)}`);
    }
  }
}
