import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { createInterface } from "node:readline";

export interface ProgramOptions {
  /** All that it gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder?: string;
  readonly signal: AbortSignal;
  /** Told each line of its standard output. */
  readonly onLine: (line: string) => void;
}

export interface Ending {
  readonly code: number;
  /** The end of what it wrote to standard error. */
  readonly errors: string;
}

/** Characters of standard error that are kept. */
const KEPT = 4_000;

/**
 * Runs a program to its end, at a lower priority than this process. Rejects when it can't be started or is ended by a
 * signal: by ours, with the signal's reason, and only when it is gone.
 */
export function runProgram(name: string, args: readonly string[], options: ProgramOptions): Promise<Ending> {
  const { environment, folder, signal, onLine } = options;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(name, args, {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      ...(folder === undefined ? {} : { cwd: folder }),
    });
    let errors = "";
    const kill = (): void => void child.kill("SIGKILL");
    signal.addEventListener("abort", kill, { once: true });
    child.once("spawn", () => lower(child.pid));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-KEPT)));
    createInterface({ input: child.stdout }).on("line", onLine);
    child.once("error", (error) => {
      signal.removeEventListener("abort", kill);
      reject(new Error(`${name} can't be started: ${error.message}`, { cause: error }));
    });
    child.once("close", (code, by) => {
      signal.removeEventListener("abort", kill);
      if (signal.aborted) reject(signal.reason as Error);
      else if (code === null) reject(new Error(`${name} was ended by ${by}: ${errors}`));
      else resolve({ code, errors });
    });
  });
}

/** So that leases and messages are renewed in time, whatever it does. */
function lower(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // it has ended already
  }
}
