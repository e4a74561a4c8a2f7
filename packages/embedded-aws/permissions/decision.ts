import { parsePolicy, type Statement } from "@packages/iam/document";
import { type AccessRequest, evaluate } from "@packages/iam/evaluate";

/** Policy documents as JSON, by name. */
type Documents = Readonly<Record<string, string>>;

/** A request with the policies that apply to it, as overlay/evaluator.py sends it; a kind without policies is missing. */
export interface Question {
  readonly request: AccessRequest;
  readonly policies: {
    readonly identity?: Documents;
    readonly boundary?: Documents;
    readonly resource?: Documents;
  };
}

/** Why IAM denies a request, or which policy it could not parse; null if it allows the request. */
export function denialOf({ request, policies }: Question): string | null {
  try {
    const { result, reason } = evaluate(request, {
      identityPolicies: statementsOf(policies.identity),
      boundary: statementsOf(policies.boundary),
      resourcePolicy: statementsOf(policies.resource),
    });
    return result === "allowed" ? null : reason;
  } catch (error) {
    return (error as Error).message;
  }
}

function statementsOf(documents: Documents | undefined): Statement[] | undefined {
  if (documents === undefined) return undefined;
  return Object.entries(documents).flatMap(([name, text]) => parsePolicy(name, text));
}
