import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { logFile } from "@packages/cli-kit/paths";
import { untilReady } from "./health";
import { freePort, loopback } from "./ports";
import { startProcess } from "@packages/cli-kit/process";
import { encodeCommand } from "../cache/commands";
import { redisCommand } from "./redis-command";

export interface RedisOptions {
  /**
   * Log file.
   * @default .local/logs/redis.log
   */
  readonly log?: string;
  /**
   * Port; tests that restart the cache pass it.
   * @default a free port
   */
  readonly port?: number;
  /** Additional settings for redis.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A user of the server. */
export interface RedisUser {
  readonly name: string;
  readonly password: string;
  /** Rules of `ACL SETUSER`. */
  readonly rules: string;
}

export interface RedisServer {
  readonly host: string;
  readonly port: number;
  /** Login that stays valid when `setUsers` ends access without login. */
  readonly administrator: { readonly username: string; readonly password: string };
  /** Replaces all users but the administrator. Throws the server's message if it does not accept one. */
  setUsers(users: readonly RedisUser[]): Promise<void>;
  stop(): Promise<void>;
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: loopback, timeout: 1000 }, () => socket.write("PING\r\n"));
    const answer = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.once("data", (reply) => answer(reply.toString().startsWith("+PONG")));
    socket.once("timeout", () => answer(false));
    socket.once("error", () => answer(false));
  });
}

/** Sends commands and resolves when all are answered; throws the first error of the server. */
function send(port: number, commands: readonly (readonly string[])[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: loopback, timeout: 5_000 });
    let replies = "";
    const end = (error?: Error) => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once("connect", () => socket.write(Buffer.concat(commands.map(encodeCommand))));
    socket.on("data", (chunk) => {
      replies += chunk.toString();
      const error = /^-(.*)\r\n/m.exec(replies)?.[1];
      if (error !== undefined) end(new Error(`Redis: ${error}`));
      else if (replies.split("\r\n").length > commands.length) end();
    });
    socket.once("timeout", () => end(new Error("Redis did not answer in 5 s")));
    socket.once("error", end);
  });
}

/** Commands that replace the users; the user `default`, for connections without login, can do nothing then. */
function userCommands(users: readonly RedisUser[], known: ReadonlySet<string>): (readonly string[])[] {
  const gone = [...known].filter((name) => users.every((user) => user.name !== name));
  return [
    ["ACL", "SETUSER", "default", "reset"],
    ...(gone.length === 0 ? [] : [["ACL", "DELUSER", ...gone]]),
    ...users.map(({ name, password, rules }) => [
      ...["ACL", "SETUSER", name, "reset", `>${password}`],
      ...rules.split(" "),
    ]),
  ];
}

/**
 * Starts a cache without persistence, TLS and password on a loopback port. Undefined if Redis is not installed; throws
 * if it is not ready after 30 s.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer | undefined> {
  const redis = redisCommand();
  if (!redis) return undefined;
  const { log = logFile("redis"), port = await freePort(), settings = {} } = options;
  const administrator = { username: "administrator", password: randomUUID() };
  const server = await startProcess({
    name: "Redis",
    command: redis.command,
    argv0: redis.argv0,
    args: [
      ...[
        "--bind",
        loopback,
        "--port",
        String(port),
        "--daemonize",
        "no",
        "--save",
        "",
        "--appendonly",
        "no",
      ],
      ...["--user", administrator.username, "on", `>${administrator.password}`, "~*", "&*", "+@all"],
      ...["--dir", tmpdir(), "--maxmemory", "128mb", "--maxmemory-policy", "volatile-lru"],
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ],
    log,
  });
  await untilReady(server, () => answersPing(port), { log });
  let known: ReadonlySet<string> = new Set();
  return {
    host: loopback,
    port,
    administrator,
    async setUsers(users) {
      const login = ["AUTH", administrator.username, administrator.password];
      await send(port, [login, ...userCommands(users, known)]);
      known = new Set(users.map(({ name }) => name));
    },
    stop: () => server.stop(),
  };
}
