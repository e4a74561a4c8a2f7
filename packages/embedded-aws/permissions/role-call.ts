/** A call with a role's credentials, recorded by the emulator (overlay/role_calls.py). */
export interface RoleCall {
  readonly number: number;
  /** ARN */
  readonly role: string;
  readonly region: string;
  /** Service in the signature: `s3`. */
  readonly service: string;
  /** As in botocore's models: `ReceiveMessage`. Empty where they know no such request. */
  readonly operation: string;
  /** Whether somebody else sent it, by a URL that the role had signed. */
  readonly presigned: boolean;
  readonly method: string;
  readonly path: string;
  /** Headers of S3 for which another permission is needed. */
  readonly headers: readonly string[];
  /** Parameters that name the resource or are condition keys. */
  readonly names: Readonly<Record<string, string>>;
  /** Objects of a multi-object delete request. */
  readonly keys: readonly { readonly key: string; readonly version?: string }[];
  /** Whether the request has tags, as for a new resource. */
  readonly tagged: boolean;
  /** ARNs of the roles that the request hands to the service. */
  readonly passedRoles: readonly string[];
  /** ARN of the permissions boundary of the role that the request changes, before the change; empty without one. */
  readonly boundary: string;
}

/** A call whose IAM actions are unknown. */
export class UnknownCallError extends Error {
  constructor({ service, method, path, operation }: RoleCall) {
    super(
      `unknown call ${service} ${operation || `${method} ${path}`}: add its IAM action to packages/embedded-aws/permissions`,
    );
  }
}

/** Services that IAM calls otherwise than signatures do. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: "cloudwatch", tagging: "tag" };

/** The operation as an IAM action: `cloudwatch:PutMetricAlarm`. */
export function actionOf({ service, operation }: RoleCall): string {
  return `${PREFIXES[service] ?? service}:${operation}`;
}
