import { spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { closeSync, openSync, readFileSync } from "node:fs";
import { guard, release } from "./reaper";

export interface ProcessOptions {
  /** What messages call it. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What the program is told to be its name: by default the command. */
  readonly argv0?: string;
  /** The whole environment of the process; by default this one's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Runs as another user: root may do so. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** The file that its output is appended to; without one, standard output and error are pipes for the caller. */
  readonly log?: string;
  /** Standard output and error share one pipe, `stdout`: lines keep the order in which they were written. */
  readonly mergeOutput?: boolean;
  /** Gives the process a two-way pipe as file descriptor 3. */
  readonly channel?: boolean;
  /** What asks the process to end: SIGTERM by default. */
  readonly stopSignal?: NodeJS.Signals;
  /** Milliseconds from that signal to SIGKILL for the whole process group: 5000 by default. */
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
  /** Null where it is merged into `stdout`. */
  readonly stderr: NodeJS.ReadableStream | null;
  /** Our end of file descriptor 3, when it was asked for. */
  readonly channel: Duplex | undefined;
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<Ending>;
  /** How it ended, once it has. */
  ending(): Ending | undefined;
  /** Asks it to end, kills its group after the grace, and resolves when nothing of the group is left. */
  stop(): Promise<void>;
  /** SIGKILL to the whole group, now. */
  kill(): void;
}

const running = new Set<RunningProcess>();
let closing = false;

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // nothing of the group is left
  }
}

/**
 * Starts a program as the leader of its own process group, so that a Ctrl-C of the terminal reaches only this process,
 * which then stops its servers in order. Throws when the program can't be started.
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  if (closing) throw new Error(`${options.name} is not started any more: everything is being stopped`);
  const log = options.log === undefined ? undefined : openSync(options.log, "a");
  const stdio: ("ignore" | "pipe" | number)[] =
    log === undefined ? ["ignore", "pipe", "pipe"] : ["ignore", log, log];
  if (options.channel) stdio.push("pipe");
  // Node can't give two descriptors of a child the same pipe; a shell can, and then becomes the program itself.
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
      // what the leader left behind in its group goes with it
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

/** Stops everything, newest first, and starts nothing any more. */
export async function stopAll(): Promise<void> {
  closing = true;
  for (const process_ of [...running].reverse()) await process_.stop();
}

/** Kills everything at once, and starts nothing any more. */
export function killAll(): void {
  closing = true;
  running.forEach((process_) => process_.kill());
}

/** The last lines of a log file, for a message that says why a program ended. */
export function lastLines(file: string, count = 5): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join("\n");
  } catch {
    return "";
  }
}
