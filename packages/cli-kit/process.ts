import { spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { closeSync, openSync, readFileSync } from "node:fs";
import { guard, release } from "./reaper";

export interface ProcessOptions {
  /** Name for messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /**
   * The program's argv[0].
   * @default the command
   */
  readonly argv0?: string;
  /**
   * Complete environment of the process.
   * @default this process's
   */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** User to run as; only root can set it. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** File that output is appended to; without it, standard output and error are pipes. */
  readonly log?: string;
  /** Merge standard output and error into one pipe, `stdout`, so that lines keep their order. */
  readonly mergeOutput?: boolean;
  /** Give the process a two-way pipe as file descriptor 3. */
  readonly channel?: boolean;
  /**
   * Signal that asks the process to end.
   * @default SIGTERM
   */
  readonly stopSignal?: NodeJS.Signals;
  /**
   * Milliseconds from that signal to SIGKILL for the process group.
   * @default 5000
   */
  readonly grace?: number;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly stdout: NodeJS.ReadableStream | null;
  /** Null if merged into `stdout`. */
  readonly stderr: NodeJS.ReadableStream | null;
  /** Our end of file descriptor 3, if requested. */
  readonly channel: Duplex | undefined;
  /** Resolves when the process has ended for any reason. */
  readonly ended: Promise<Ending>;
  /** Exit code or signal; undefined while it runs. */
  ending(): Ending | undefined;
  /** Asks it to end, kills its group after the grace period, and resolves when the group is empty. */
  stop(): Promise<void>;
  /** Sends SIGKILL to the process group. */
  kill(): void;
}

const running = new Set<RunningProcess>();
let closing = false;

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // the group is empty
  }
}

/**
 * Starts a program as leader of its own process group. A terminal's Ctrl-C reaches only this process, which then stops
 * its servers in order. Throws if the program can't be started.
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  if (closing) throw new Error(`${options.name} is not started: shutting down`);
  const log = options.log === undefined ? undefined : openSync(options.log, "a");
  const stdio: ("ignore" | "pipe" | number)[] =
    log === undefined ? ["ignore", "pipe", "pipe"] : ["ignore", log, log];
  if (options.channel) stdio.push("pipe");
  // Node can't give two descriptors of a child the same pipe; a shell can, and then execs the program.
  const [command, args] = options.mergeOutput
    ? ["/bin/sh", ["-c", 'exec "$0" "$@" 2>&1', options.command, ...options.args]]
    : [options.command, options.args];
  const child = spawn(command, args, {
    detached: true,
    stdio,
    argv0: options.argv0,
    env: options.env,
    cwd: options.cwd,
    uid: options.user?.uid,
    gid: options.user?.gid,
  });
  if (log !== undefined) closeSync(log);
  const pid = await new Promise<number>((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid as number));
    child.once("error", (error) => reject(new Error(`${options.name} can't be started: ${error.message}`)));
  });
  guard(pid, options.stopSignal ?? "SIGTERM");

  let ending: Ending | undefined;
  const ended = new Promise<Ending>((resolve) => {
    child.once(log === undefined ? "close" : "exit", (code: number | null, signal: NodeJS.Signals | null) => {
      ending = { code, signal };
      // end remaining processes of the leader's group
      signalGroup(pid, "SIGKILL");
      release(pid);
      running.delete(process_);
      resolve(ending);
    });
  });
  const process_: RunningProcess = {
    name: options.name,
    pid,
    stdout: child.stdout,
    stderr: options.mergeOutput ? null : child.stderr,
    channel: options.channel ? (child.stdio[3] as Duplex) : undefined,
    ended,
    ending: () => ending,
    kill: () => signalGroup(pid, "SIGKILL"),
    async stop() {
      if (ending) return;
      child.kill(options.stopSignal ?? "SIGTERM");
      const late = setTimeout(() => signalGroup(pid, "SIGKILL"), options.grace ?? 5000);
      await ended;
      clearTimeout(late);
    },
  };
  running.add(process_);
  return process_;
}

/** Stops all processes, newest first, and prevents new ones. */
export async function stopAll(): Promise<void> {
  closing = true;
  for (const process_ of [...running].reverse()) await process_.stop();
}

/** Kills all processes, and prevents new ones. */
export function killAll(): void {
  closing = true;
  running.forEach((process_) => process_.kill());
}

/** The last five lines of a log file, for error messages. */
export function lastLines(file: string): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  } catch {
    return "";
  }
}
