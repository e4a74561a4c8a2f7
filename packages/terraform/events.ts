/** What `terraform -json` says on one line, as far as we read it. */
export interface TerraformEvent {
  readonly type: string;
  readonly "@message": string;
  readonly "@level"?: string;
  /** RFC 3339. */
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
  /** Of the resource, such as `aws_db_instance.database`. */
  readonly address?: string;
}

/** Undefined for a line that is none, such as what a provider prints past Terraform. */
export function parseEvent(line: string): TerraformEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const event = JSON.parse(line) as Partial<TerraformEvent>;
    return typeof event.type === "string" ? (event as TerraformEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** An error as one paragraph: the resource's address, what went wrong, why. */
export function describeDiagnostic({ summary, detail, address }: Diagnostic): string {
  // providers repeat the summary at the beginning of the detail, and indent it
  const rest = (detail ?? "").trim().replace(/\s*\n\s*/g, "\n  ");
  return `${address ? `${address}: ` : ""}${summary}${rest && rest !== summary ? `\n  ${rest}` : ""}`;
}
