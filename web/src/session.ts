import type { Tokens, UserPool } from "./user-pool";

interface Kept {
  readonly email: string;
  readonly idToken: string;
  readonly refreshToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Stored per tab: closing it signs out of this machine. */
const STORAGE_KEY = "streamflow.session";
/** Milliseconds before expiry at which a token is renewed. */
const RENEW_BEFORE_MS = 60_000;

/** A session of a signed-in creator. */
export class Session {
  private renewing: Promise<void> | undefined;

  private constructor(
    private readonly pool: UserPool,
    private kept: Kept,
  ) {}

  static begin(pool: UserPool, email: string, tokens: Tokens): Session {
    const refreshToken = tokens.RefreshToken ?? "";
    const session = new Session(pool, { ...keptOf(tokens), email, refreshToken });
    session.save();
    return session;
  }

  /** The tab's session before a reload. */
  static resume(pool: UserPool): Session | undefined {
    const text = sessionStorage.getItem(STORAGE_KEY);
    return text === null ? undefined : new Session(pool, JSON.parse(text) as Kept);
  }

  get email(): string {
    return this.kept.email;
  }

  /** Cognito sub, the owner of media in the API. */
  get userId(): string {
    const [, claims = ""] = this.kept.idToken.split(".");
    const { sub } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))) as { sub: string };
    return sub;
  }

  /** An identity token that stays valid for a while. Rejects if the session has ended. */
  async token(): Promise<string> {
    if (Date.now() > this.kept.expiresAt - RENEW_BEFORE_MS) {
      this.renewing ??= this.renew().finally(() => (this.renewing = undefined));
      await this.renewing;
    }
    return this.kept.idToken;
  }

  async end(): Promise<void> {
    sessionStorage.removeItem(STORAGE_KEY);
    // Sign out locally even if the request fails.
    await this.pool.revoke(this.kept.refreshToken).catch(() => undefined);
  }

  private async renew(): Promise<void> {
    const tokens = await this.pool.refresh(this.kept.refreshToken);
    this.kept = { ...this.kept, ...keptOf(tokens) };
    this.save();
  }

  private save(): void {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(this.kept));
  }
}

function keptOf({ IdToken, ExpiresIn }: Tokens): Pick<Kept, "idToken" | "expiresAt"> {
  return { idToken: IdToken, expiresAt: Date.now() + ExpiresIn * 1_000 };
}
