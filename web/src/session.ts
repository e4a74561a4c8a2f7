import { UserPoolError } from "./errors";
import type { Tokens, UserPool } from "./user-pool";

interface Kept {
  readonly email: string;
  readonly idToken: string;
  readonly refreshToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Shared by the tabs of this browser, until a person signs out in one of them or the session expires. */
const STORAGE_KEY = "streamflow.session";
/** Milliseconds before expiry at which a token is renewed. */
const RENEW_BEFORE_MS = 60_000;

/** A session of a signed-in creator. */
export class Session {
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

  /** The session of this browser; undefined if nobody is signed in. */
  static resume(pool: UserPool): Session | undefined {
    const kept = read();
    return kept === undefined ? undefined : new Session(pool, kept);
  }

  /** Calls back when a person signs in or out in another tab; returns a function that stops it. */
  static watch(onChange: () => void): () => void {
    const heard = ({ key, oldValue, newValue }: StorageEvent) => {
      // A renewed token is the same session.
      if (key === null || (key === STORAGE_KEY && refreshTokenIn(oldValue) !== refreshTokenIn(newValue)))
        onChange();
    };
    addEventListener("storage", heard);
    return () => removeEventListener("storage", heard);
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
    if (this.isFresh()) return this.kept.idToken;
    // One tab renews at a time; the others find its token.
    await navigator.locks.request(STORAGE_KEY, async () => {
      this.kept = this.stored();
      if (!this.isFresh()) await this.renew();
    });
    return this.kept.idToken;
  }

  /** Forgets the session in this browser. */
  forget(): void {
    if (read()?.refreshToken === this.kept.refreshToken) localStorage.removeItem(STORAGE_KEY);
  }

  async end(): Promise<void> {
    this.forget();
    // Sign out locally even if the request fails.
    await this.pool.revoke(this.kept.refreshToken).catch(() => undefined);
  }

  private isFresh(): boolean {
    return Date.now() <= this.kept.expiresAt - RENEW_BEFORE_MS;
  }

  private async renew(): Promise<void> {
    const tokens = await this.pool.refresh(this.kept.refreshToken);
    // Signed out meanwhile?
    this.kept = { ...this.stored(), ...keptOf(tokens) };
    this.save();
  }

  /** This session as the tabs share it. Throws if it was ended, or another begun, in another tab. */
  private stored(): Kept {
    const stored = read();
    if (stored?.refreshToken === this.kept.refreshToken) return stored;
    throw new UserPoolError("NotAuthorizedException", "the session was ended in another tab");
  }

  private save(): void {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(this.kept));
  }
}

function read(): Kept | undefined {
  return parsed(localStorage.getItem(STORAGE_KEY));
}

const refreshTokenIn = (text: string | null): string | undefined => parsed(text)?.refreshToken;

const parsed = (text: string | null): Kept | undefined =>
  text === null ? undefined : (JSON.parse(text) as Kept);

function keptOf({ IdToken, ExpiresIn }: Tokens): Pick<Kept, "idToken" | "expiresAt"> {
  return { idToken: IdToken, expiresAt: Date.now() + ExpiresIn * 1_000 };
}
