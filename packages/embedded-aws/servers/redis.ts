import { connect } from "node:net";
import { tmpdir } from "node:os";
import { logFile } from "@packages/cli-kit/paths";
import { untilReady } from "./health";
import { freePort, loopback } from "./ports";
import { startProcess } from "@packages/cli-kit/process";
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

export interface RedisServer {
  readonly host: string;
  readonly port: number;
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

/**
 * Starts a cache without persistence, TLS and password on a loopback port. Undefined if Redis is not installed; throws
 * if it is not ready after 30 s.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer | undefined> {
  const redis = redisCommand();
  if (!redis) return undefined;
  const { log = logFile("redis"), port = await freePort(), settings = {} } = options;
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
      ...["--dir", tmpdir(), "--maxmemory", "128mb", "--maxmemory-policy", "volatile-lru"],
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ],
    log,
  });
  await untilReady(server, () => answersPing(port), { log });
  return { host: loopback, port, stop: () => server.stop() };
}
