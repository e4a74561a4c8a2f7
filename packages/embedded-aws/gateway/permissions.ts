import { GetPolicyCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { functionOf } from "../lambda/api";

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Principal?: string | { readonly Service?: string | readonly string[] };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const list = (value: string | readonly string[] | undefined) => (value === undefined ? [] : [value].flat());

/** `*` and `?` of a policy. */
export function matchesPattern(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "s").test(text);
}

/** Whether a function's resource policy lets API Gateway call it for that method's ARN. */
export function allowsApi(policy: string, sourceArn: string): boolean {
  const { Statement = [] } = JSON.parse(policy) as { Statement?: readonly Statement[] };
  return Statement.some(({ Effect, Action, Principal, Condition = {} }) => {
    const services = typeof Principal === "string" ? [Principal] : list(Principal?.Service);
    const sources = Object.values(Condition).flatMap((tests) =>
      Object.entries(tests).flatMap(([key, value]) => (key.toLowerCase() === "aws:sourcearn" ? [value] : [])),
    );
    return (
      Effect === "Allow" &&
      list(Action).some((action) => matchesPattern(action, "lambda:InvokeFunction")) &&
      services.some((service) => service === "apigateway.amazonaws.com" || service === "*") &&
      sources.every((source) => matchesPattern(source, sourceArn))
    );
  });
}

/** Asks Lambda whether API Gateway may call the function. A function without a policy may not be called. */
export async function mayInvoke(
  client: LambdaClient,
  functionArn: string,
  sourceArn: string,
): Promise<boolean> {
  const { functionName, qualifier } = functionOf(functionArn);
  const policy = await client
    .send(
      new GetPolicyCommand({
        FunctionName: functionName,
        ...(qualifier !== undefined && { Qualifier: qualifier }),
      }),
    )
    .catch((error: Error) => {
      if (error.name === "ResourceNotFoundException") return undefined;
      throw error;
    });
  return policy?.Policy !== undefined && allowsApi(policy.Policy, sourceArn);
}
