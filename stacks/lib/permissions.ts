import { Fn } from "cdktf";
import { optional } from "./optional";

/** What a role may do to which resources. Constructs return permissions for what they open. */
export interface Permission {
  /** IAM actions, such as `sqs:SendMessage`; never with a wildcard. */
  readonly actions: readonly string[];
  /** ARNs, or `"*"` together with a `reason`. */
  readonly resources: readonly string[];
  /** IAM condition block, when the grant is narrower than its resources. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why `"*"` is the only resource that AWS accepts for these actions. */
  readonly reason?: string;
}

/** What a client's security group must be able to reach: one rule on each side. */
export interface Connection {
  /** TCP port. */
  readonly port: number;
  /** Said in the rule's description: "PostgreSQL", "Redis", "HTTPS". */
  readonly protocol: string;
  /** The other side: a security group of ours, an AWS prefix list, or the internet. */
  readonly to:
    { readonly securityGroupId: string } | { readonly prefixListId: string } | { readonly cidr: string };
}

/** May send X-Ray what a piece of work did. */
export const TRACE_PERMISSION: Permission = {
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
  reason: "X-Ray write actions support no resource ARNs",
};

/** A trust policy: who may assume a role. */
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

/** A statement of a resource's policy that refuses whoever comes without TLS. */
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
  if (wildcard !== undefined) throw new Error(`a permission must name its actions, got "${wildcard}"`);
  if (resources.includes("*") && reason === undefined) {
    throw new Error(`a permission on "*" must give its reason, got none for ${actions.join(", ")}`);
  }
  return {
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...optional({ Condition: conditions }),
  };
}
