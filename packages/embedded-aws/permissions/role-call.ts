/** A call with a role's credentials, recorded by the emulator (overlay/role_calls.py). */
export interface RoleCall {
  readonly number: number;
  /** ARN */
  readonly role: string;
  readonly region: string;
  /** Service in the signature: `s3`. */
  readonly service: string;
  /** Sent with a URL that the role had presigned. */
  readonly presigned: boolean;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Operation in a header, if any: `ReceiveMessage`. */
  readonly target: string;
  /** Operation by botocore's models, also if only the path identifies it; empty if unknown. */
  readonly operation: string;
  /** S3 headers of the request that need an additional permission. */
  readonly headers: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  /** Objects of a multi-object delete request. */
  readonly keys: readonly { readonly key: string; readonly version?: string }[];
}

/** A call whose IAM actions are unknown. */
export class UnknownCallError extends Error {
  constructor({ service, method, path, target, names }: RoleCall) {
    const operation = target || names.Action || `${method} ${path}`;
    super(`unknown call ${service} ${operation}: add its IAM actions to packages/embedded-aws/permissions`);
  }
}
