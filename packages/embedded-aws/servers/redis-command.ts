import { spawnSync } from "node:child_process";

export interface RedisCommand {
  readonly command: string;
  /** argv[0] of the program, which selects its function. */
  readonly argv0: string;
  /** Version, such as `7.0.15`. */
  readonly version: string;
}

/** Program names; Debian's redis-tools has the server under another name, without its system service. */
const candidates = [
  { command: "redis-server", argv0: "redis-server" },
  { command: "valkey-server", argv0: "valkey-server" },
  { command: "redis-check-rdb", argv0: "redis-server" },
  { command: "valkey-check-rdb", argv0: "valkey-server" },
];

/** The first version with key permissions such as `%R~`. */
const LEAST_MAJOR_VERSION = 7;

/** The installed Redis or Valkey server, version 7 or later; undefined if there is none. */
export function redisCommand(): RedisCommand | undefined {
  for (const { command, argv0 } of candidates) {
    const { stdout } = spawnSync(command, ["--version"], { argv0, encoding: "utf8" });
    const version = /^(?:Redis|Valkey) server v=([\d.]+)/i.exec(stdout ?? "")?.[1];
    if (version && parseInt(version, 10) >= LEAST_MAJOR_VERSION) return { command, argv0, version };
  }
  return undefined;
}
