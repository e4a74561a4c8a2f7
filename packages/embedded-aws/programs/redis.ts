import { redisCommand, type RedisCommand } from "../servers/redis-command";
import { findOrInstall, type FoundProgram } from "./find-or-install";

export type Redis = FoundProgram<RedisCommand>;

/** A Redis server from PATH, or installed by apt-get (as root) or Homebrew; otherwise the reason. Never throws. */
export function findRedis(onInstall?: () => void): Promise<Redis> {
  return findOrInstall({
    find: redisCommand,
    // redis-tools has the same program as redis-server, but no system service.
    packages: { apt: "redis-tools", brew: "redis" },
    needed: "of version 7 or later",
    onInstall,
  });
}
