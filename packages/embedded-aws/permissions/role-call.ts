/** A call by a role's credentials, as the emulator saw it: see overlay/role_calls.py. */
export interface RoleCall {
  readonly number: number;
  /** ARN */
  readonly role: string;
  readonly region: string;
  /** As in the signature: `s3`. */
  readonly service: string;
  /** Whether somebody else sent it, by a URL that the role had signed. */
  readonly presigned: boolean;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The operation, where a header names it: `ReceiveMessage`. */
  readonly target: string;
  /** The operation, also where only the path names it; empty where botocore's models know no such request. */
  readonly operation: string;
  /** Those of S3's headers that are there and for which a right of its own is needed. */
  readonly headers: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  /** What a request to delete many objects names. */
  readonly keys: readonly { readonly key: string; readonly version?: string }[];
}

/** A call of which nobody here knows what it asks of IAM. */
export class UnknownCallError extends Error {
  constructor({ service, method, path, target, names }: RoleCall) {
    const operation = target || names.Action || `${method} ${path}`;
    super(
      `${service} ${operation} is not known to packages/embedded-aws/permissions: say there what it asks of IAM`,
    );
  }
}
