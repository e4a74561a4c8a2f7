import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { cacheToken } from "../../../handlers/services/login-token";
import { RedisCache } from "../../../handlers/services/redis-cache";
import { TestCache } from "../../../harness/cache";
import { keys } from "../../../harness/database";
import { minutesLater } from "../../support/minutes-later";
import { until } from "../../../packages/cli-kit/wait-until";
import { certificateAuthority, serverCertificate } from "../../../packages/embedded-aws/servers/certificates";
import { freePort } from "../../../packages/embedded-aws/servers/ports";
import { type RedisServer, startRedis } from "../../../packages/embedded-aws/servers/redis";
import { type Front, startTlsFront } from "../../../packages/embedded-aws/servers/tls-front";

const folder = mkdtempSync(join(tmpdir(), "redis-cache-"));
const log = join(folder, "redis.log");
const host = "localhost";
const soon = () => Date.now() + 60_000;

let port: number;
let server: RedisServer;
let front: Front;
let ca: string;
let admin: Redis;
const opened: { close(): void }[] = [];
const events: unknown[] = [];

beforeAll(async () => {
  port = await freePort();
  server = await start();
  const authority = await certificateAuthority(join(folder, "ca"));
  ca = authority.cert;
  front = await startTlsFront({ certificate: await serverCertificate(authority, host), port });
  admin = new Redis(port, "127.0.0.1");
  admin.on("error", () => undefined);
  process.on("unhandledRejection", (error) => events.push(error));
});

afterEach(() => {
  opened.splice(0).forEach((one) => one.close());
  jest.restoreAllMocks();
});

afterAll(async () => {
  admin.disconnect();
  await front.stop();
  await server.stop();
  rmSync(folder, { recursive: true });
  expect(events).toEqual([]);
});

async function start(): Promise<RedisServer> {
  const started = await startRedis({ port, log });
  if (!started) throw new Error("these tests need Redis: apt-get install redis-server");
  return started;
}

/** A TLS connection to the cache like the media function's, with another trusted authority. */
function open(more: Partial<ConstructorParameters<typeof RedisCache>[0]> = {}) {
  const onFailure = jest.fn();
  const cache = new RedisCache({ host, port: front.port, tls: { ca, servername: host }, onFailure, ...more });
  opened.push(cache);
  return { cache, onFailure };
}

const clock = Date.now.bind(Date);

/** As if this much time had passed. */
function later(milliseconds: number): void {
  jest.spyOn(Date, "now").mockImplementation(() => clock() + milliseconds);
}

describe("with Redis", () => {
  // On a busy machine, a TLS connection takes longer than the usual 100 ms.
  const patience = 5_000;

  it("returns stored values, and nothing for unknown keys", async () => {
    const { cache, onFailure } = open({ patience });
    await cache.set("a", "1 é 😀", soon());
    await cache.set("b", "", soon());
    expect(await cache.get(["a", "none", "b"])).toEqual(["1 é 😀", undefined, ""]);
    expect(await cache.check()).toBe(true);
    expect(onFailure).not.toHaveBeenCalled();
  });

  it("expires entries after their TTL, and never stores expired ones", async () => {
    const { cache } = open({ patience });
    const end = soon();
    await cache.set("short", "x", end);
    expect(await cache.get(["short"])).toEqual(["x"]);
    expect(await admin.pexpiretime("short")).toBe(end);
    await cache.set("short", "x", Date.now() + 200);
    await until("it is forgotten", async () => (await cache.get(["short"]))?.[0] === undefined);
    await cache.set("late", "before", soon());
    await cache.set("late", "x", Date.now() - 1);
    expect(await cache.get(["late"])).not.toEqual(["x"]);
  });

  it("has nothing when the certificate is another's, or of an unknown authority", async () => {
    for (const tls of [{ ca, servername: "other.example" }, { servername: host }]) {
      const { cache, onFailure } = open({ tls });
      expect(await cache.get(["a"])).toBeUndefined();
      expect(onFailure).toHaveBeenCalled();
    }
  });

  it("returns nothing for a key of another type", async () => {
    const { cache } = open({ patience });
    await admin.lpush("list", "x");
    await cache.set("text", "y", soon());
    expect(await cache.get(["list", "text"])).toEqual([undefined, "y"]);
  });
});

describe("without Redis", () => {
  it("acts as an empty cache immediately, and retries only occasionally", async () => {
    const { cache, onFailure } = open({ port: await freePort() });
    const now = clock();
    jest.spyOn(Date, "now").mockImplementation(() => now);
    for (let turn = 0; turn < 100; turn++) {
      expect(await cache.get(["a"])).toBeUndefined();
      await cache.set("a", "1", soon());
      expect(await cache.check()).toBe(false);
    }
    expect(onFailure).toHaveBeenCalledTimes(1);
  });

  it("waits longer after each failure", async () => {
    const { cache, onFailure } = open({ port: await freePort() });
    await cache.get(["a"]);
    later(1_100);
    await cache.get(["a"]);
    expect(onFailure).toHaveBeenCalledTimes(2);
    later(2_200);
    await cache.get(["a"]);
    expect(onFailure).toHaveBeenCalledTimes(2);
    later(3_500);
    await cache.get(["a"]);
    expect(onFailure).toHaveBeenCalledTimes(3);
  });
});

describe("with a server that", () => {
  let fake: Server;
  const sockets = new Set<Socket>();
  afterEach(() => {
    sockets.forEach((socket) => socket.destroy());
    sockets.clear();
    fake.close();
  });

  async function serve(answer: (socket: Socket) => void): Promise<number> {
    fake = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      answer(socket);
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => fake.once("listening", resolve));
    return (fake.address() as AddressInfo).port;
  }

  it.each<[string, (socket: Socket) => void]>([
    ["accepts and says nothing", () => undefined],
    ["closes at once", (socket) => socket.destroy()],
    ["talks nonsense", (socket) => socket.on("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"))],
    ["is loading", (socket) => socket.on("data", () => socket.write("-LOADING Redis is loading\r\n"))],
    ["wants a password", (socket) => socket.on("data", () => socket.write("-NOAUTH required.\r\n"))],
    ["is full", (socket) => socket.on("data", () => socket.write("-OOM command not allowed\r\n"))],
  ])("%s, is as if it held nothing", async (_, answer) => {
    const { cache, onFailure } = open({ host: "127.0.0.1", port: await serve(answer), tls: "none" });
    expect(await cache.get(["a"])).toBeUndefined();
    expect(onFailure).toHaveBeenCalledTimes(1);
  });

  it("has died without a word, is left for a new connection", async () => {
    let connections = 0;
    const deadPort = await serve((socket) => {
      if (++connections > 1) socket.on("data", () => socket.write("*1\r\n$5\r\nagain\r\n"));
    });
    const { cache } = open({ host: "127.0.0.1", port: deadPort, tls: "none" });
    expect(await cache.get(["a"])).toBeUndefined();
    later(60_000);
    await until("the cache is used again", async () => (await cache.get(["a"]))?.[0] === "again");
  });
});

describe("when Redis", () => {
  const pidOf = async (): Promise<number> => Number(/process_id:(\d+)/.exec(await admin.info("server"))?.[1]);

  it("hangs and recovers, requests don't wait, and it is used again", async () => {
    const { cache, onFailure } = open({ patience: 1_000 });
    await cache.set("a", "1", soon());
    const pid = await pidOf();
    process.kill(pid, "SIGSTOP");
    try {
      expect(await cache.get(["a"])).toBeUndefined();
      // Not called again, because it would fail again.
      await cache.set("a", "2", soon());
      expect(onFailure).toHaveBeenCalledTimes(1);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    later(60_000);
    await until("the cache is used again", async () => (await cache.get(["a"]))?.[0] === "1");
  });

  it("hangs, a value that it gets to see only when it is over never shows", async () => {
    const { cache } = open();
    await cache.set("b", "before", soon());
    const pid = await pidOf();
    process.kill(pid, "SIGSTOP");
    try {
      const end = Date.now() + 150;
      await cache.set("b", "late", end);
      await until("its time is over", () => Date.now() > end);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await until("Redis goes on", async () => (await admin.ping()) === "PONG");
    expect(await admin.get("b")).not.toBe("late");
  });

  it("hangs, required writes are stored as soon as it recovers", async () => {
    const { cache } = open();
    const pid = await pidOf();
    process.kill(pid, "SIGSTOP");
    let kept: Promise<void> | undefined;
    try {
      // Other calls do not use a cache that has just failed.
      expect(await cache.get(["d"])).toBeUndefined();
      kept = cache.setByDeadline("d", "kept", { until: soon(), deadline: soon() });
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await kept;
    expect(await admin.get("d")).toBe("kept");
  });

  it("hangs for long, waiting for what must not be missed ends at its deadline", async () => {
    const { cache, onFailure } = open();
    const pid = await pidOf();
    process.kill(pid, "SIGSTOP");
    try {
      const deadline = Date.now() + 500;
      await cache.setByDeadline("e", "kept", { until: soon(), deadline });
      expect(Date.now()).toBeGreaterThanOrEqual(deadline - 1);
      expect(onFailure).toHaveBeenCalledTimes(1);
    } finally {
      process.kill(pid, "SIGCONT");
    }
  });

  it("is killed, it returns nothing; restarted, it stores values again", async () => {
    const { cache, onFailure } = open({ patience: 1_000 });
    await cache.set("c", "1", soon());
    process.kill(await pidOf(), "SIGKILL");
    await server.stop();
    expect(await cache.get(["c"])).toBeUndefined();
    expect(onFailure).toHaveBeenCalled();
    server = await start();
    later(60_000);
    await until("the cache is used again", async () => {
      await cache.set("c", "2", soon());
      return (await cache.get(["c"]))?.[0] === "2";
    });
  });
});

describe("with a login", () => {
  const NAME = "streamflow-test-cache";
  const region = "us-east-1";
  const database = {
    folder,
    certificateFor: async (name: string) => serverCertificate(await authority(), name),
  };
  const authority = () => certificateAuthority(join(folder, "ca"));
  const SIX_HOURS_MS = 6 * 3_600_000;
  let cacheServer: TestCache;
  let administrator: Redis;

  beforeAll(async () => {
    cacheServer = await TestCache.start(database);
    administrator = new Redis(cacheServer.administrator);
  });

  afterAll(async () => {
    administrator.disconnect();
    await cacheServer.stop();
  });

  const variables = () => cacheServer.variables("media");
  const tokenOf = (user: string, credentials = keys) => cacheToken({ name: NAME, user, region }, credentials);

  /** A cache as the media function opens it. */
  function openAs(password: () => Promise<string>, more: Parameters<typeof open>[0] = {}) {
    const { CACHE_PORT, CACHE_USER: user } = variables();
    return open({ port: Number(CACHE_PORT), login: { user, password }, ...more });
  }

  /** Users of the connections, without the administrator's. */
  async function users(): Promise<string[]> {
    const list = String(await administrator.client("LIST"));
    const all = [...list.matchAll(/ user=(\S+)/g)].map(([, user]) => user ?? "");
    return all.filter((user) => user !== cacheServer.administrator.username);
  }

  it("logs in once, when it is first used, with a token that it makes then", async () => {
    const password = jest.fn(() => Promise.resolve(tokenOf(variables().CACHE_USER)));
    const { cache, onFailure } = openAs(password, { patience: 5_000 });
    expect(password).not.toHaveBeenCalled();
    await Promise.all([cache.set("streamflow:v1:{lists}:stamp", "1", soon()), cache.check(), cache.check()]);
    expect(await cache.get(["streamflow:v1:{lists}:stamp", "streamflow:v1:progress:x"])).toEqual([
      "1",
      undefined,
    ]);
    expect(password).toHaveBeenCalledTimes(1);
    expect(await users()).toEqual([variables().CACHE_USER]);
    expect(onFailure).not.toHaveBeenCalled();
  });

  it("makes a new token for a new connection", async () => {
    const password = jest.fn(() => Promise.resolve(tokenOf(variables().CACHE_USER)));
    const { cache } = openAs(password, { patience: 5_000 });
    expect(await cache.check()).toBe(true);
    await administrator.client("KILL", "USER", variables().CACHE_USER);
    later(60_000);
    await until("it is connected again", async () => cache.check());
    expect(password).toHaveBeenCalledTimes(2);
  });

  it("that is opened anew 16 minutes later, uses a token of that time; the first one is refused", async () => {
    const password = jest.fn(() => Promise.resolve(tokenOf(variables().CACHE_USER)));
    const { cache, onFailure } = openAs(password, { patience: 5_000 });
    expect(await cache.check()).toBe(true);
    const first = await password.mock.results[0]?.value;
    try {
      minutesLater(16);
      await administrator.client("KILL", "USER", variables().CACHE_USER);
      password.mockResolvedValueOnce(String(first));
      // Within a command's time, the connection that was closed may still be the one in use.
      for (let turn = 0; turn < 3; turn++) {
        await cache.check();
        minutesLater(1);
      }
      expect(onFailure.mock.calls.map(String).join()).toMatch(/WRONGPASS/);
      expect(await cache.check()).toBe(true);
      expect(password).toHaveBeenCalledTimes(3);
    } finally {
      jest.useRealTimers();
    }
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ["an expired token", () => Promise.resolve(expired()), /WRONGPASS/],
    ["a token for another user", () => Promise.resolve(tokenOf("other")), /WRONGPASS/],
    [
      "a token of another role",
      () => Promise.resolve(tokenOf("x", { ...keys, accessKeyId: "AKIAX" })),
      /WRONGPASS/,
    ],
    ["no credentials", () => Promise.reject(new Error("no credentials")), /^no credentials$/],
  ])("with %s, acts as an empty cache, and reports it once per pause", async (_, password, reason) => {
    const made = jest.fn(password);
    const { cache, onFailure } = openAs(made, { patience: 5_000 });
    const now = clock();
    jest.spyOn(Date, "now").mockImplementation(() => now);
    for (let turn = 0; turn < 20; turn++) {
      expect(await cache.get(["streamflow:v1:{lists}:stamp"])).toBeUndefined();
      await cache.set("streamflow:v1:{lists}:stamp", "1", soon());
    }
    expect(onFailure).toHaveBeenCalledTimes(1);
    expect(onFailure).toHaveBeenCalledWith(
      expect.objectContaining({ message: expect.stringMatching(reason) as string }),
    );
    // Nothing logs in while no one asks: ElastiCache throttles logins.
    expect(made).toHaveBeenCalledTimes(1);
    await until("its connection is closed", async () => (await users()).length === 0);
  });

  it("without a login, is as if it held nothing", async () => {
    const { cache, onFailure } = open({ port: Number(variables().CACHE_PORT), patience: 5_000 });
    expect(await cache.get(["streamflow:v1:{lists}:stamp"])).toBeUndefined();
    expect(onFailure).toHaveBeenCalledWith(
      expect.objectContaining({ message: "NOAUTH Authentication required." }),
    );
  });

  it("does not wait for a slow login, and uses the connection once it is there", async () => {
    let logIn: (token: string) => void = () => undefined;
    const { cache, onFailure } = openAs(() => new Promise((resolve) => (logIn = resolve)));
    expect(await cache.get(["streamflow:v1:{lists}:stamp"])).toBeUndefined();
    expect(onFailure).toHaveBeenCalledTimes(1);
    logIn(tokenOf(variables().CACHE_USER));
    await until("it is logged in", async () => (await users()).length === 1);
    later(60_000);
    expect(await cache.check()).toBe(true);
  });

  it("opens no connection for a login that comes after the connection was given up", async () => {
    const logIns: ((token: string) => void)[] = [];
    const { cache } = openAs(() => new Promise((resolve) => logIns.push(resolve)));
    let asked = 0;
    await until("the first connection was given up", async () => {
      later(60_000 * ++asked);
      await cache.check();
      return logIns.length === 2;
    });
    for (const logIn of logIns) logIn(tokenOf(variables().CACHE_USER));
    await until("the second is logged in", async () => (await users()).length > 0);
    await until("it answers", async () => {
      later(60_000 * ++asked);
      return cache.check();
    });
    expect(await users()).toHaveLength(1);
  });

  it("renews its login before ElastiCache ends the connection after 12 hours", async () => {
    jest.useFakeTimers({
      doNotFake: [
        "Date",
        "nextTick",
        "setImmediate",
        "setTimeout",
        "clearTimeout",
        "queueMicrotask",
        "performance",
      ],
    });
    try {
      const password = jest.fn(() => Promise.resolve(tokenOf(variables().CACHE_USER)));
      const { cache, onFailure } = openAs(password, { patience: 5_000 });
      expect(await cache.check()).toBe(true);
      const [id] = await connectionIds();
      await jest.advanceTimersByTimeAsync(SIX_HOURS_MS);
      await until("it has logged in again", () => password.mock.calls.length === 2);
      expect(await cache.check()).toBe(true);
      expect(await connectionIds()).toEqual([id]);
      // A login that is refused ends the connection; the next command opens another.
      password.mockResolvedValueOnce("expired");
      await jest.advanceTimersByTimeAsync(SIX_HOURS_MS);
      await until("the failure is reported", () => onFailure.mock.calls.length === 1);
      expect(await cache.check()).toBe(true);
      expect(await connectionIds()).not.toEqual([id]);
    } finally {
      jest.useRealTimers();
    }
  });

  async function connectionIds(): Promise<string[]> {
    const lines = String(await administrator.client("LIST")).split("\n");
    return lines
      .filter((line) => line.includes(` user=${variables().CACHE_USER} `))
      .map((line) => /id=(\d+)/.exec(line)?.[1] ?? "");
  }

  function expired(): string {
    const spy = jest.spyOn(Date.prototype, "toISOString").mockReturnValue("2026-01-01T00:00:00.000Z");
    try {
      return tokenOf(variables().CACHE_USER);
    } finally {
      spy.mockRestore();
    }
  }
});
