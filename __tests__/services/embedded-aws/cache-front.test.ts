import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { Redis, type RedisOptions } from "ioredis";
import { cacheToken, databaseToken } from "../../../handlers/services/login-token";
import { until } from "../../../packages/cli-kit/wait-until";
import { type CacheFrontOptions, startCacheFront } from "../../../packages/embedded-aws/cache/front";
import { CacheLogins, type CacheUser } from "../../../packages/embedded-aws/cache/logins";
import { certificateAuthority, serverCertificate } from "../../../packages/embedded-aws/servers/certificates";
import { type RedisServer, startRedis } from "../../../packages/embedded-aws/servers/redis";
import type { Front } from "../../../packages/embedded-aws/servers/tls-front";

const folder = mkdtempSync(join(tmpdir(), "cache-front-"));
const log = join(folder, "cache-logins.log");
const host = "localhost";
const region = "us-east-1";
const ARN = `arn:aws:elasticache:${region}:111111111111`;
const keys = { accessKeyId: "ASIAMEDIA", secretAccessKey: "a secret", sessionToken: "a session" };
const media = userOf("media", "on ~a:* %R~shared:* -@all +get +set +ping");
const processor = userOf("processor", "on ~b:* ~shared:* -@all +get +set +del");
const disabled: CacheUser = {
  ...userOf("cache-default", "off ~* -@all"),
  name: "default",
  authentication: "no-password",
};

let redis: RedisServer;
let front: Front;
let openFront: Front;
let ca: string;
let forbidden: string | undefined;
const clients: Redis[] = [];

beforeAll(async () => {
  const server = await startRedis({ log: join(folder, "redis.log") });
  if (!server) throw new Error("these tests need Redis: apt-get install redis-tools");
  redis = server;
  const authority = await certificateAuthority(join(folder, "ca"));
  ca = authority.cert;
  const options = {
    keyOf: (id: string) => (id === keys.accessKeyId ? keys : undefined),
    permissionFault: (_: string, resource: string) =>
      Promise.resolve(resource === forbidden ? `nothing allows it on ${resource}` : undefined),
  };
  const account = (name: string) => ({ name, arn: `${ARN}:replicationgroup:${name}`, region });
  const logins = new CacheLogins({ ...account("cache"), users: [media, processor, disabled] }, options);
  const openLogins = new CacheLogins({ ...account("open"), users: undefined }, options);
  await redis.setUsers([...logins.localUsers, ...openLogins.localUsers]);
  const certificate = await serverCertificate(authority, host);
  front = await start({ certificate, logins });
  openFront = await start({ certificate, logins: openLogins });
});

afterEach(() => {
  clients.splice(0).forEach((client) => client.disconnect());
  forbidden = undefined;
  jest.restoreAllMocks();
});

afterAll(async () => {
  await front.stop();
  await openFront.stop();
  await redis.stop();
  rmSync(folder, { recursive: true });
});

function start(options: Omit<CacheFrontOptions, "port" | "log">): Promise<Front> {
  return startCacheFront({ port: redis.port, log, ...options });
}

function userOf(id: string, accessString: string): CacheUser {
  return { id, name: id, arn: `${ARN}:user:${id}`, accessString, authentication: "iam" };
}

function client(options: RedisOptions = {}, { port } = front): Redis {
  const made = new Redis({
    host,
    port,
    tls: { ca, servername: host },
    disableClientInfo: true,
    enableReadyCheck: false,
    disconnectTimeout: 100,
    retryStrategy: () => null,
    ...options,
  });
  made.on("error", () => undefined);
  clients.push(made);
  return made;
}

type Change = Partial<Parameters<typeof cacheToken>[0]>;

function token(change: Change = {}, credentials = keys): string {
  return cacheToken({ name: "cache", user: "media", region, ...change }, credentials);
}

const loggedIn = (username = "media") => client({ username, password: token({ user: username }) });
const lastLine = () => readFileSync(log, "utf8").trim().split("\n").at(-1);

describe("the front of the cache", () => {
  it("logs a user in with a token, who may do what the access string allows", async () => {
    const redis = loggedIn();
    await redis.set("a:1", "x");
    expect(await redis.get("a:1")).toBe("x");
    expect(await redis.ping()).toBe("PONG");
    expect(lastLine()).toMatch(/user "media" logged in$/);
  });

  it("leaves other commands and keys to Redis, which refuses them", async () => {
    const redis = loggedIn();
    for (const command of [
      ["flushall"],
      ["info"],
      ["config", "get", "*"],
      ["acl", "whoami"],
      ["keys", "*"],
    ]) {
      const [name = "", ...rest] = command;
      await expect(redis.call(name, ...rest)).rejects.toThrow("NOPERM");
    }
    await expect(redis.get("b:1")).rejects.toThrow("NOPERM");
    await expect(redis.set("shared:1", "x")).rejects.toThrow("NOPERM");
    expect(await redis.get("shared:1")).toBeNull();
    await expect(redis.del("a:1")).rejects.toThrow("NOPERM");
    expect(await loggedIn("processor").del("b:1")).toBe(0);
  });

  it("refuses commands without login, and logins of the disabled default user", async () => {
    await expect(client().get("a:1")).rejects.toThrow("NOAUTH");
    for (const password of ["", "refused", token({ user: "default" })]) {
      await expect(client().auth("default", password)).rejects.toThrow("WRONGPASS");
      await expect(client().call("auth", password)).rejects.toThrow("WRONGPASS");
    }
  });

  it.each<[string, () => string, RegExp]>([
    ["no token at all", () => "secret", /it is not an IAM token/],
    ["a token for another user", () => token({ user: "processor" }), /it is for the user processor/],
    ["a token for another cache", () => token({ name: "other" }), /it is for other/],
    ["a token for another region", () => token({ region: "eu-west-1" }), /elasticache in eu-west-1/],
    [
      "a token for a database",
      () => databaseToken({ host, port: 1, user: "media", region }, keys),
      /it is for/,
    ],
    ["a token of an unknown key", () => token({}, { ...keys, accessKeyId: "AKIAX" }), /AKIAX is not known/],
    ["a token of another session", () => token({}, { ...keys, sessionToken: "old" }), /session token/],
    [
      "a token signed with another secret",
      () => token({}, { ...keys, secretAccessKey: "x" }),
      /signature is wrong/,
    ],
    ["a changed token", () => token().replace(/.$/, (c) => (c === "0" ? "1" : "0")), /signature is wrong/],
  ])("refuses %s", async (_, made, reason) => {
    await expect(client().auth("media", made())).rejects.toThrow("WRONGPASS");
    expect(lastLine()).toMatch(reason);
  });

  it("refuses a token after 15 minutes", async () => {
    const made = token();
    const clock = Date.now.bind(Date);
    const later = jest.spyOn(Date, "now").mockImplementation(() => clock() + 899_000);
    expect(await client().auth("media", made)).toBe("OK");
    later.mockImplementation(() => clock() + 901_000);
    await expect(client().auth("media", made)).rejects.toThrow("WRONGPASS");
    expect(lastLine()).toMatch(/it has expired$/);
  });

  it("refuses a role without permission on the cache or on the user", async () => {
    for (const resource of [`${ARN}:replicationgroup:cache`, media.arn]) {
      forbidden = resource;
      await expect(client().auth("media", token())).rejects.toThrow("WRONGPASS");
      expect(lastLine()).toMatch(new RegExp(`nothing allows it on ${resource}$`));
    }
    forbidden = processor.arn;
    expect(await loggedIn().ping()).toBe("PONG");
  });

  it("answers in order when a login comes among other commands, and also to HELLO", async () => {
    const redis = loggedIn();
    const answers = await Promise.allSettled([
      redis.set("a:order", "1"),
      redis.auth("media", token()),
      redis.get("a:order"),
      redis.auth("media", "wrong"),
      redis.get("a:order"),
    ]);
    expect(answers.map((one) => (one.status === "fulfilled" ? one.value : "refused"))).toEqual([
      ...["OK", "OK", "1", "refused", "1"],
    ]);
    const other = client();
    await other.call("hello", "2", "AUTH", "media", token());
    expect(await other.ping()).toBe("PONG");
    await expect(client().call("hello", "2", "AUTH", "media", "wrong")).rejects.toThrow("WRONGPASS");
  });

  it("forwards large values, and commands that come in pieces", async () => {
    const large = "é".repeat(300_000);
    const redis = loggedIn();
    await redis.set("a:large", large);
    expect(await redis.get("a:large")).toBe(large);
    const socket = connect({ host, port: front.port, ca, servername: host });
    let said = "";
    socket.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const words = ["AUTH", "media", token()];
    const text = `*3\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}PING\r\n`;
    for (const piece of text.match(/[^]{1,100}/g) ?? []) {
      socket.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until("both are answered", () => said === "+OK\r\n+PONG\r\n", { details: () => said });
    socket.destroy();
  });

  it("ends a connection 12 hours after its last login", async () => {
    const logins = { anonymous: undefined, authenticate: () => Promise.resolve({ accepted: local() }) };
    const certificate = await serverCertificate(await certificateAuthority(join(folder, "ca")), host);
    const short = await start({ certificate, logins, sessionMs: 2_000 });
    const [renewed, forgotten] = [client({}, short), client({}, short)];
    await Promise.all([renewed.auth("media", "any"), forgotten.auth("media", "any")]);
    try {
      await until("the other connection has ended", async () => {
        await renewed.auth("media", "any");
        return forgotten.status === "end";
      });
      expect(await renewed.ping()).toBe("PONG");
    } finally {
      await short.stop();
    }
  });

  it("lets everybody do everything in a cache without user groups", async () => {
    const open = client({}, openFront);
    await open.set("c:1", "x");
    expect(await open.get("c:1")).toBe("x");
    await expect(open.auth("media", token({ name: "open" }))).rejects.toThrow("WRONGPASS");
  });
});

function local() {
  const [user] = new CacheLogins(
    { name: "cache", arn: ARN, region, users: [media] },
    { keyOf: () => undefined },
  ).localUsers;
  if (user === undefined) throw new Error("there is no user");
  return user;
}

it("a server whose users are replaced keeps none of the former, and accepts no unknown rule", async () => {
  const user = { name: "one", password: "p", rules: "on ~* -@all +ping" };
  const server = await startRedis({ log: join(folder, "other.log") });
  if (!server) throw new Error("there is no Redis");
  const as = (name: string) =>
    client({ host: "127.0.0.1", username: name, password: "p", tls: undefined }, server);
  try {
    await server.setUsers([user]);
    expect(await as("one").ping()).toBe("PONG");
    await server.setUsers([{ ...user, name: "two" }]);
    await expect(as("one").ping()).rejects.toThrow(/WRONGPASS|NOAUTH/);
    expect(await as("two").ping()).toBe("PONG");
    await expect(server.setUsers([{ ...user, rules: "on +nonsense" }])).rejects.toThrow("nonsense");
    const administrator = client({ host: "127.0.0.1", ...server.administrator, tls: undefined }, server);
    expect(await administrator.dbsize()).toBe(0);
  } finally {
    await server.stop();
  }
});
