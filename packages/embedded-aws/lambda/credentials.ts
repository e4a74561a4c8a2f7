import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsClientConfig } from "../client";
import type { Credentials } from "./environment";

interface Issued extends Credentials {
  readonly role: string;
  /** Milliseconds since 1970. */
  readonly renewAfter: number;
}

export interface RoleSession {
  /** ARN */
  readonly role: string;
  readonly sessionName: string;
}

/** Milliseconds before expiry at which credentials are renewed. */
const RENEWAL_MARGIN_MS = 15 * 60_000;

/** Role credentials from STS, with a record of all that were issued. */
export class RoleCredentials {
  private readonly client: STSClient;
  private readonly current = new Map<string, Promise<Issued>>();
  private readonly issued = new Map<string, Issued>();

  constructor(config: AwsClientConfig) {
    this.client = new STSClient(config);
  }

  /** Credentials of a role that stay valid for a while. Throws if the role can't be assumed. */
  async of(session: RoleSession): Promise<Credentials> {
    const { role } = session;
    const known = await this.current.get(role)?.catch(() => undefined);
    if (known && known.renewAfter > Date.now()) return known;
    const asked = this.assume(session);
    this.current.set(role, asked);
    return asked;
  }

  /** Credentials and role of an issued access key. */
  holder(accessKeyId: string): (Credentials & { readonly role: string }) | undefined {
    return this.issued.get(accessKeyId);
  }

  /** Credentials provider of a client that acts with a role, as AWS services do. */
  provider(session: RoleSession): () => Promise<Credentials & { readonly expiration: Date }> {
    return async () => ({
      ...(await this.of(session)),
      expiration: new Date(Date.now() + RENEWAL_MARGIN_MS),
    });
  }

  /** ARNs of roles with issued credentials. */
  get roles(): readonly string[] {
    return [...new Set([...this.issued.values()].map(({ role }) => role))];
  }

  private async assume({ role, sessionName }: RoleSession): Promise<Issued> {
    const { Credentials: given } = await this.client.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: sessionName }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken)
      throw new Error(`STS gave no credentials of ${role}`);
    const issued = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      role,
      renewAfter: (Expiration?.getTime() ?? Date.now() + 3_600_000) - RENEWAL_MARGIN_MS,
    };
    this.issued.set(AccessKeyId, issued);
    return issued;
  }
}
