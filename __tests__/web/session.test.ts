import { UserPoolError } from "../../web/src/errors";
import { Session } from "../../web/src/session";
import type { Tokens, UserPool } from "../../web/src/user-pool";
import { fakeBrowser } from "./support/fake-browser";

const LIFETIME_S = 3_600;

/** A user pool that answers a refresh when it is told to. */
class Pool {
  readonly refreshed: string[] = [];
  private readonly waiting: ((answer: Tokens | Error) => void)[] = [];

  refresh(token: string): Promise<Tokens> {
    this.refreshed.push(token);
    return new Promise((resolve, reject) => {
      this.waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
  }

  async answer(answer: Tokens | Error): Promise<void> {
    await jest.advanceTimersByTimeAsync(0);
    this.waiting.shift()?.(answer);
    await jest.advanceTimersByTimeAsync(0);
  }

  revoke(): Promise<void> {
    return Promise.resolve();
  }
}

const tokens = (IdToken: string): Tokens => ({ IdToken, ExpiresIn: LIFETIME_S });
let pool: Pool;
let one: Session;
let other: Session;

beforeEach(() => {
  jest.useFakeTimers();
  fakeBrowser();
  pool = new Pool();
  const typed = pool as unknown as UserPool;
  one = Session.begin(typed, "creator@example.com", { ...tokens("first"), RefreshToken: "refresh" });
  const resumed = Session.resume(typed);
  if (resumed === undefined) throw new Error("the session was not kept");
  other = resumed;
});
afterEach(() => jest.useRealTimers());

const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1_000);

test("a token is used until a minute before its end, then renewed", async () => {
  await pass(LIFETIME_S - 61);
  await expect(one.token()).resolves.toBe("first");
  expect(pool.refreshed).toEqual([]);
  await pass(2);
  const renewed = one.token();
  await pool.answer(tokens("second"));
  await expect(renewed).resolves.toBe("second");
  await expect(one.token()).resolves.toBe("second");
  expect(pool.refreshed).toEqual(["refresh"]);
});

test("two tabs renew a token once, and both have the new one", async () => {
  await pass(LIFETIME_S);
  const both = Promise.all([one.token(), other.token(), one.token()]);
  await pool.answer(tokens("second"));
  await expect(both).resolves.toEqual(["second", "second", "second"]);
  expect(pool.refreshed).toEqual(["refresh"]);
});

test("if a renewal fails in one tab, the other tries it, and the session is as it was", async () => {
  await pass(LIFETIME_S);
  const [failing, waiting] = [one.token(), other.token()];
  const failed = expect(failing).rejects.toThrow("Failed to fetch");
  await pool.answer(new TypeError("Failed to fetch"));
  await failed;
  await pool.answer(tokens("second"));
  await expect(waiting).resolves.toBe("second");
  await expect(one.token()).resolves.toBe("second");
  expect(pool.refreshed).toEqual(["refresh", "refresh"]);
});

test("a session that another tab ended is not renewed, nor kept again by a renewal under way", async () => {
  await pass(LIFETIME_S);
  const under = one.token();
  const ended = expect(under).rejects.toMatchObject({ hasEnded: true });
  await jest.advanceTimersByTimeAsync(0);
  await other.end();
  await pool.answer(tokens("second"));
  await ended;
  expect(Session.resume(pool as unknown as UserPool)).toBeUndefined();
  await expect(other.token()).rejects.toBeInstanceOf(UserPoolError);
  expect(pool.refreshed).toEqual(["refresh"]);
});
