import { Unavailable } from "../../../handlers/media/media";
import { Database, type DatabaseOptions } from "../../../handlers/services/database";
import { databaseToken } from "../../../handlers/services/login-token";
import { DEADLINE_MS } from "../../support/deadline";
import { minutesLater } from "../../support/minutes-later";
import { until } from "../../../packages/cli-kit/wait-until";
import { host, keys, region, startDatabase, type TestDatabase } from "./servers";

let server: TestDatabase;
const opened: Database[] = [];

beforeAll(async () => {
  server = await startDatabase({ migrated: true });
});
afterAll(() => server.stop());
afterEach(async () => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

/** A connection like the media function's, with another trusted authority. */
function open(more: Partial<DatabaseOptions> = {}) {
  const password = jest.fn(() =>
    Promise.resolve(databaseToken({ host, port: server.port, user: "media", region }, keys)),
  );
  const onLost = jest.fn();
  const database = new Database({
    host,
    port: server.port,
    name: server.name,
    user: "media",
    password,
    onLost,
    tls: { ca: server.ca },
    ...more,
  });
  opened.push(database);
  const pid = async (): Promise<number> => {
    const [row] = await database.read<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    return row?.pid ?? 0;
  };
  return { database, password, onLost, pid };
}

const causeOf = (error: unknown): string => String((error as Error).cause);
const terminate = (pid: number) => server.admin().query("SELECT pg_terminate_backend($1)", [pid]);

describe("a connection", () => {
  it("is encrypted, uses an IAM token, is shared by all queries, and cancels slow ones", async () => {
    const { database, password, pid } = open();
    const [row] = await database.read<Record<string, unknown>>(
      `SELECT session_user AS "user", current_setting('statement_timeout') AS timeout,
              current_setting('application_name') AS name`,
    );
    expect(row).toEqual({ user: "media", timeout: "5s", name: "media" });
    expect(await pid()).toBe(await pid());
    expect(password).toHaveBeenCalledTimes(1);
  });

  it("fails when the certificate authority is unknown", async () => {
    const { database } = open({ tls: { rejectUnauthorized: true } });
    const error = await database.read("SELECT 1").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Unavailable);
    expect(causeOf(error)).toMatch(/certificate/);
  });

  it("fails when the certificate is for another host", async () => {
    const { database } = open({ host: "127.0.0.1" });
    const error = await database.read("SELECT 1").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Unavailable);
    expect(causeOf(error)).toMatch(/does not match certificate/);
  });

  it("fails without TLS", async () => {
    const error = await open({ tls: false })
      .database.read("SELECT 1")
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Unavailable);
    expect(causeOf(error)).toMatch(/no encryption/);
  });

  it("fails with another user's token, and when no token can be created", async () => {
    const stolen = { ...keys, secretAccessKey: "guessed" };
    const token = databaseToken({ host, port: server.port, user: "media", region }, stolen);
    for (const password of [
      () => Promise.resolve(token),
      () => Promise.reject(new Error("no credentials")),
    ]) {
      const error = await open({ password })
        .database.read("SELECT 1")
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Unavailable);
      expect(causeOf(error)).toMatch(/authentication failed|no credentials/);
    }
  });

  it("fails immediately when the connection is refused", async () => {
    const error = await open({ port: 1 })
      .database.read("SELECT 1")
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Unavailable);
    // No timeout has passed.
    expect(causeOf(error)).toMatch(/ECONNREFUSED/);
  });
});

describe("a connection that is opened 16 minutes after the first", () => {
  const tokenNow = () => databaseToken({ host, port: server.port, user: "media", region }, keys);
  const PID_SQL = "SELECT pg_backend_pid() AS pid, pg_sleep(0.1)";
  const both = (database: Database) =>
    Promise.all([database.read<{ pid: number }>(PID_SQL), database.read<{ pid: number }>(PID_SQL)]);

  it("logs in with a token of its own time", async () => {
    const { database, password, pid } = open({ connections: 2 });
    const first = await pid();
    minutesLater(16);
    const pids = (await both(database)).flat().map((row) => row.pid);
    expect(new Set(pids).size).toBe(2);
    expect(pids).toContain(first);
    const tokens = await Promise.all(password.mock.results.map(({ value }) => value as Promise<string>));
    expect(new Set(tokens).size).toBe(2);
  });

  it("is refused with the first's token", async () => {
    const token = tokenNow();
    const { database, pid } = open({ connections: 2, password: () => Promise.resolve(token) });
    await pid();
    minutesLater(16);
    const error: unknown = await both(database).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Unavailable);
    expect(causeOf(error)).toMatch(/PAM authentication failed/);
  });

  it("after a failover, replaces the one to the former writer", async () => {
    const { database, password, pid } = open();
    const before = await pid();
    await database.read("SET default_transaction_read_only = on");
    minutesLater(16);
    await expect(database.write("DELETE FROM media")).rejects.toBeInstanceOf(Unavailable);
    expect(await database.write("DELETE FROM media")).toEqual([]);
    expect(await pid()).not.toBe(before);
    expect(password).toHaveBeenCalledTimes(2);
  });
});

describe("after its connection was", () => {
  it("closed between two queries, it reads through a new connection with a new token", async () => {
    const { pid, password, onLost } = open();
    const before = await pid();
    await terminate(before);
    await until("the loss is noticed", () => onLost.mock.calls.length === 1);
    expect(await pid()).not.toBe(before);
    expect(password).toHaveBeenCalledTimes(2);
  });

  it("closed unnoticed, it retries the read through a new connection", async () => {
    const { pid, password, onLost } = open();
    const before = await pid();
    process.kill(before, "SIGTERM");
    // As in a frozen process: the connection has ended, and nothing in this process has run since.
    waitForEnd(before);
    expect(onLost).not.toHaveBeenCalled();
    expect(await pid()).not.toBe(before);
    expect(password).toHaveBeenCalledTimes(2);
  });

  it("closed in the middle of a query, it reads once more", async () => {
    const { database, pid } = open();
    const before = await pid();
    const [row] = await database.read<{ pid: number }>(
      "SELECT pg_backend_pid() AS pid, pg_backend_pid() = $1 AND pg_terminate_backend($1)",
      [before],
    );
    expect(row?.pid).not.toBe(before);
  });

  it("closed twice, it fails", async () => {
    const { database, pid, password } = open();
    await pid();
    // Each attempt ends its own connection, so timing of other queries does not matter.
    const read = database.read("SELECT pg_terminate_backend(pg_backend_pid())");
    await expect(read).rejects.toBeInstanceOf(Unavailable);
    expect(password).toHaveBeenCalledTimes(2);
  });

  it("frozen, it is replaced by a new connection within seconds", async () => {
    const { pid } = open();
    const before = await pid();
    process.kill(before, "SIGSTOP");
    try {
      const now = Date.now();
      jest.spyOn(Date, "now").mockImplementation(() => now + 11_000);
      const started = performance.now();
      expect(await pid()).not.toBe(before);
      expect(performance.now() - started).toBeLessThan(4_000);
    } finally {
      process.kill(before, "SIGCONT");
    }
  });

  it("lost with the whole server, it fails until the server is back", async () => {
    const { pid } = open();
    await pid();
    await server.stopServer();
    await expect(pid()).rejects.toBeInstanceOf(Unavailable);
    await server.startServer();
    expect(await pid()).toBeGreaterThan(0);
  });
});

describe("a query", () => {
  it("that runs longer than five seconds is cancelled, and the connection stays usable", async () => {
    const { database, pid } = open();
    const before = await pid();
    const started = Date.now();
    await expect(database.read("SELECT pg_sleep(86400)")).rejects.toBeInstanceOf(Unavailable);
    expect(Date.now() - started).toBeGreaterThan(4_500);
    expect(await pid()).toBe(before);
  });

  it("that is wrong fails as it is, and the connection serves on", async () => {
    const { database, pid } = open();
    const before = await pid();
    await expect(database.read("SELECT nothing")).rejects.toMatchObject({ code: "42703" });
    await expect(database.read("CREATE TABLE mine ()")).rejects.toMatchObject({ code: "42501" });
    expect(await pid()).toBe(before);
  });

  it("that meets a read-only server, as after a failover, fails temporarily and reconnects", async () => {
    const { database, pid } = open();
    const before = await pid();
    await database.read("SET default_transaction_read_only = on");
    await expect(database.write("DELETE FROM media")).rejects.toBeInstanceOf(Unavailable);
    expect(await pid()).not.toBe(before);
    expect(await database.write("DELETE FROM media")).toEqual([]);
  });

  it("waits for the previous one, and all are answered", async () => {
    const { database } = open();
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    const rows = await Promise.all(
      numbers.map((number) => database.read<{ n: number }>("SELECT $1::int AS n", [number])),
    );
    expect(rows.map(([row]) => row?.n)).toEqual(numbers);
  });
});

/** Blocks this process until another process has exited and closed its sockets. Throws after the deadline. */
function waitForEnd(pid: number): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (
    const deadline = performance.now() + DEADLINE_MS;
    performance.now() < deadline;
    Atomics.wait(pause, 0, 0, 5)
  ) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
  }
  throw new Error(`process ${pid} has not ended`);
}
