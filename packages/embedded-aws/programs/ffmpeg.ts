import { spawnSync } from "node:child_process";
import { aptInstall, canUseApt } from "./apt";
import { runCommand } from "./command";

export type Ffmpeg =
  | { readonly version: string; readonly source: "PATH" | "apt-get" | "Homebrew" }
  | { readonly missing: string };

/** Version of the ffmpeg on PATH, such as `5.1.9`; undefined without one, without ffprobe or without H.264. */
export function ffmpegVersion(): string | undefined {
  const run = (command: string, ...args: string[]) =>
    spawnSync(command, ["-hide_banner", ...args], { encoding: "utf8" }).stdout ?? "";
  if (!/^ffprobe version/m.test(run("ffprobe", "-version"))) return undefined;
  if (!/\blibx264\b/.test(run("ffmpeg", "-encoders"))) return undefined;
  return /^ffmpeg version n?([\w.]+)/m.exec(run("ffmpeg", "-version"))?.[1];
}

async function install(): Promise<"apt-get" | "Homebrew" | undefined> {
  if (canUseApt()) {
    await aptInstall("ffmpeg");
    return "apt-get";
  }
  if (spawnSync("brew", ["--version"], { stdio: "ignore" }).status !== 0) return undefined;
  await runCommand("brew-ffmpeg", "brew", "install", "ffmpeg");
  return "Homebrew";
}

/** ffmpeg and ffprobe from PATH, or installed by apt-get (as root) or Homebrew; otherwise the reason. Never throws. */
export async function findFfmpeg(onInstall: () => void = () => undefined): Promise<Ffmpeg> {
  const found = ffmpegVersion();
  if (found) return { version: found, source: "PATH" };
  try {
    onInstall();
    const source = await install();
    const installed = ffmpegVersion();
    if (source && installed) return { version: installed, source };
    return {
      missing: source ? `${source} installed none with libx264` : "neither root with apt-get nor Homebrew",
    };
  } catch (error) {
    return { missing: (error as Error).message.split("\n")[0] ?? "" };
  }
}
