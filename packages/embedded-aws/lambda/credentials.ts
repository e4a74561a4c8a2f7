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

/** Credentials are renewed well before they expire. */
const margin = 15 * 60_000;

/** Credentials of the functions' roles, as STS gives them; it remembers what it handed out. */
export class RoleCredentials {
  private readonly client: STSClient;
  private readonly current = new Map<string, Promise<Issued>>();
  private readonly issued = new Map<string, Issued>();

  constructor(config: AwsClientConfig) {
    this.client = new STSClient(config);
  }

  /** Credentials of a role that are good for a while. Throws when the role can't be assumed. */
  async of(session: RoleSession): Promise<Credentials> {
    const { role } = session;
    const known = await this.current.get(role)?.catch(() => undefined);
    if (known && known.renewAfter > Date.now()) return known;
    const asked = this.assume(session);
    this.current.set(role, asked);
    return asked;
  }

  /** Who holds an access key that was handed out here. */
  holder(accessKeyId: string): (Credentials & { readonly role: string }) | undefined {
    return this.issued.get(accessKeyId);
  }

  /** For a client that acts by a role, as services of AWS do beside the code. */
  provider(session: RoleSession): () => Promise<Credentials & { readonly expiration: Date }> {
    return async () => ({ ...(await this.of(session)), expiration: new Date(Date.now() + margin) });
  }

  /** ARNs of the roles whose credentials were handed out. */
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
      renewAfter: (Expiration?.getTime() ?? Date.now() + 3_600_000) - margin,
    };
    this.issued.set(AccessKeyId, issued);
    return issued;
  }
}
