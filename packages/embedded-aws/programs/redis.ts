import { spawnSync } from "node:child_process";
import { redisCommand, type RedisCommand } from "../servers/redis-command";
import { aptInstall, canUseApt } from "./apt";
import { runCommand } from "./command";

export type Redis =
  (RedisCommand & { readonly source: "PATH" | "apt-get" | "Homebrew" }) | { readonly missing: string };

async function install(): Promise<"apt-get" | "Homebrew" | undefined> {
  // redis-tools has the same program as redis-server, but no system service
  if (canUseApt()) await aptInstall("redis-tools");
  else if (spawnSync("brew", ["--version"], { stdio: "ignore" }).status === 0) {
    await runCommand("brew-redis", "brew", "install", "redis");
  } else return undefined;
  return canUseApt() ? "apt-get" : "Homebrew";
}

/** A Redis server from PATH, or installed by apt-get (as root) or Homebrew; otherwise the reason. Never throws. */
export async function findRedis(onInstall: () => void = () => undefined): Promise<Redis> {
  const found = redisCommand();
  if (found) return { ...found, source: "PATH" };
  try {
    onInstall();
    const source = await install();
    const installed = redisCommand();
    if (source && installed) return { ...installed, source };
    return {
      missing: source
        ? `${source} installed none of version 7 or later`
        : "neither root with apt-get nor Homebrew",
    };
  } catch (error) {
    return { missing: (error as Error).message.split("\n")[0] ?? "" };
  }
}
