import { Fn } from "cdktf";
import { optional } from "./optional";

/** Actions that a role may perform on resources. Constructs return permissions for what they own. */
export interface Permission {
  /** IAM actions, such as `sqs:SendMessage`; never with a wildcard. */
  readonly actions: readonly string[];
  /** ARNs, or `"*"` together with a `reason`. */
  readonly resources: readonly string[];
  /** IAM condition block, if the permission is conditional. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why AWS accepts only `"*"` for these actions. */
  readonly reason?: string;
}

/** A destination of a security group, with one rule on each side. */
export interface Connection {
  /** TCP port. */
  readonly port: number;
  /** Protocol for the rule's description: "PostgreSQL", "Redis", "HTTPS". */
  readonly protocol: string;
  /** Destination: a security group, an AWS prefix list, or the internet. */
  readonly to:
    { readonly securityGroupId: string } | { readonly prefixListId: string } | { readonly cidr: string };
}

/** Permission to send traces to X-Ray. */
export const TRACE_PERMISSION: Permission = {
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
  reason: "X-Ray write actions support no resource ARNs",
};

/** A trust policy for an AWS service. */
export function trustService(service: string, conditions?: Permission["conditions"]): string {
  return document([
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: service },
      ...optional({ Condition: conditions }),
    },
  ]);
}

/** An identity policy from permission values. Throws on a wildcard action, or on `"*"` without a reason. */
export function policyOf(permissions: readonly Permission[]): string {
  return document(permissions.map(statement));
}

/** A JSON policy document; `jsonencode` in Terraform, so that a plan shows its differences line by line. */
export function document(statements: readonly object[]): string {
  return Fn.jsonencode({ Version: "2012-10-17", Statement: statements });
}

/** A resource policy statement that denies requests without TLS. */
export function tlsOnly(action: string, resources: string | readonly string[]): object {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resources,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

function statement({ actions, resources, conditions, reason }: Permission): object {
  const wildcard = actions.find((action) => action.includes("*"));
  if (wildcard !== undefined)
    throw new Error(`permissions must list actions without wildcards, got "${wildcard}"`);
  if (resources.includes("*") && reason === undefined) {
    throw new Error(`permissions on "*" need a reason, got none for ${actions.join(", ")}`);
  }
  return {
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...optional({ Condition: conditions }),
  };
}
