/** A line of `terraform -json` output, as far as it is used. */
export interface TerraformEvent {
  readonly type: string;
  readonly "@message": string;
  readonly "@level"?: string;
  /** Time in RFC 3339. */
  readonly "@timestamp"?: string;
  readonly hook?: { readonly resource: { readonly addr: string }; readonly action?: string };
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string };
  readonly changes?: {
    readonly add: number;
    readonly change: number;
    readonly remove: number;
    readonly operation: "plan" | "apply" | "destroy";
  };
  readonly diagnostic?: Diagnostic;
}

export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  /** Address of the resource, such as `aws_db_instance.database`. */
  readonly address?: string;
}

/** Parses a line; undefined if it is not an event, such as direct output of a provider. */
export function parseEvent(line: string): TerraformEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const event = JSON.parse(line) as Partial<TerraformEvent>;
    return typeof event.type === "string" ? (event as TerraformEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** An error in one paragraph: address, summary and detail. That of an invoked function is one line. */
export function describeDiagnostic({ summary: said, detail, address }: Diagnostic): string {
  const summary = functionError(said) ?? said;
  // providers repeat the summary at the start of the detail, indented
  const rest = (detail ?? "").trim().replace(/\s*\n\s*/g, "\n  ");
  return `${address ? `${address}: ` : ""}${summary}${rest && rest !== summary ? `\n  ${rest}` : ""}`;
}

/**
 * The error of a function that the provider invoked, without its stack; undefined for other errors. The provider's text has
 * it as JSON: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lambda/invocation.go
 */
function functionError(summary: string): string | undefined {
  const [, name, payload = ""] = /^invoking Lambda Function \(([^)]+)\): (\{.*\})\s*$/s.exec(summary) ?? [];
  if (name === undefined) return undefined;
  try {
    const { errorType, errorMessage } = JSON.parse(payload) as Record<string, unknown>;
    if (typeof errorType !== "string" || typeof errorMessage !== "string") return undefined;
    return `the function ${name} failed (log group /aws/lambda/${name}): ${errorType}: ${errorMessage}`;
  } catch {
    return undefined;
  }
}
