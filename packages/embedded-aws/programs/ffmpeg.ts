import { spawnSync } from "node:child_process";
import { findOrInstall, type FoundProgram } from "./find-or-install";

export type Ffmpeg = FoundProgram<{ readonly version: string }>;

/** Version of the ffmpeg on PATH, such as `5.1.9`; undefined without one, without ffprobe or without H.264. */
export function ffmpegVersion(): string | undefined {
  const run = (command: string, ...args: string[]) =>
    spawnSync(command, ["-hide_banner", ...args], { encoding: "utf8" }).stdout ?? "";
  if (!/^ffprobe version/m.test(run("ffprobe", "-version"))) return undefined;
  if (!/\blibx264\b/.test(run("ffmpeg", "-encoders"))) return undefined;
  return /^ffmpeg version n?([\w.]+)/m.exec(run("ffmpeg", "-version"))?.[1];
}

/** ffmpeg and ffprobe from PATH, or installed by apt-get (as root) or Homebrew; otherwise the reason. Never throws. */
export function findFfmpeg(onInstall?: () => void): Promise<Ffmpeg> {
  return findOrInstall({
    find: () => {
      const version = ffmpegVersion();
      return version === undefined ? undefined : { version };
    },
    packages: { apt: "ffmpeg", brew: "ffmpeg" },
    needed: "with libx264",
    onInstall,
  });
}
