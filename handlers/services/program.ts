import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { createInterface } from "node:readline";

export interface ProgramOptions {
  /** All that it gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** The most address space that it may have, in MiB; only Linux holds it to that. */
  readonly memoryMiB?: number;
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
const STDERR_MAX_CHARACTERS = 4_000;
/** Of each thread, in KiB: the usual 8 MiB count as address space, though hardly any of them is used. */
const STACK_KIB = 1_024;
/** POSIX's shell sets the limits, so that they hold from the program's first instruction on. */
const LIMIT_MEMORY_SCRIPT = 'ulimit -s "$1" && ulimit -v "$2" && shift 2 && exec "$@"';
/** What the shell answers for a program that it can't run. */
const CANNOT_EXECUTE_EXIT_CODES = [126, 127];

/** Whether this system can limit a program's memory: macOS has no such limit. */
export const CAN_LIMIT_MEMORY = process.platform === "linux";

/**
 * Runs a program to its end, at a lower priority than this process. Rejects when it can't be started or is ended by a
 * signal: by ours, with the signal's reason, and only when it is gone.
 */
export function runProgram(name: string, args: readonly string[], options: ProgramOptions): Promise<Ending> {
  const { folder, signal, onLine } = options;
  const { command, environment } = limited([name, ...args], options);
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(command[0] ?? name, command.slice(1), {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      cwd: folder,
    });
    let errors = "";
    const kill = (): void => void child.kill("SIGKILL");
    signal.addEventListener("abort", kill, { once: true });
    child.once("spawn", () => lower(child.pid));
    child.stderr
      .setEncoding("utf8")
      .on("data", (text: string) => (errors = (errors + text).slice(-STDERR_MAX_CHARACTERS)));
    createInterface({ input: child.stdout }).on("line", onLine);
    child.once("error", (error) => {
      signal.removeEventListener("abort", kill);
      reject(new Error(`${name} can't be started: ${error.message}`, { cause: error }));
    });
    child.once("close", (code, by) => {
      signal.removeEventListener("abort", kill);
      if (signal.aborted) reject(signal.reason as Error);
      else if (code === null) reject(new Error(`${name} was ended by ${by}: ${errors}`));
      else if (CANNOT_EXECUTE_EXIT_CODES.includes(code))
        reject(new Error(`${name} can't be started: ${errors}`));
      else resolve({ code, errors });
    });
  });
}

function limited(
  command: readonly string[],
  { environment, memoryMiB }: ProgramOptions,
): Pick<ProgramOptions, "environment"> & { readonly command: readonly string[] } {
  if (memoryMiB === undefined || !CAN_LIMIT_MEMORY) return { command, environment };
  const limits = [String(STACK_KIB), String(memoryMiB * 1_024)];
  return {
    command: ["/bin/sh", "-c", LIMIT_MEMORY_SCRIPT, "sh", ...limits, ...command],
    // Each further arena of glibc's takes 64 MiB of address space, for a few of memory.
    environment: { ...environment, MALLOC_ARENA_MAX: "1" },
  };
}

/** So that leases and messages are renewed in time, whatever it does. */
function lower(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // it has ended already
  }
}
