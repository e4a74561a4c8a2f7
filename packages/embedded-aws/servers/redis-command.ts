import { spawnSync } from "node:child_process";

export interface RedisCommand {
  readonly command: string;
  /** The name by which the program is called: it decides what it does. */
  readonly argv0: string;
  /** Such as `7.0.15`. */
  readonly version: string;
}

/** Debian's redis-tools holds the server under another name, without the service that redis-server starts. */
const candidates = [
  { command: "redis-server", argv0: "redis-server" },
  { command: "valkey-server", argv0: "valkey-server" },
  { command: "redis-check-rdb", argv0: "redis-server" },
  { command: "valkey-check-rdb", argv0: "valkey-server" },
];

/** The Redis or Valkey server that is installed, undefined when none is. */
export function redisCommand(): RedisCommand | undefined {
  for (const { command, argv0 } of candidates) {
    const { stdout } = spawnSync(command, ["--version"], { argv0, encoding: "utf8" });
    const version = /^(?:Redis|Valkey) server v=([\d.]+)/i.exec(stdout ?? "")?.[1];
    if (version) return { command, argv0, version };
  }
  return undefined;
}
