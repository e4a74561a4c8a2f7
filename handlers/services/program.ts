import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { createInterface } from "node:readline";

export interface ProgramOptions {
  /** Complete environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Maximum address space in MiB; only enforced on Linux. */
  readonly memoryMiB?: number;
  readonly signal: AbortSignal;
  /** Receives each line of its standard output. */
  readonly onLine: (line: string) => void;
}

export interface Ending {
  readonly code: number;
  /** End of its standard error output. */
  readonly errors: string;
}

/** Maximum characters of standard error that are kept. */
const STDERR_MAX_CHARACTERS = 4_000;
/** Stack size per thread in KiB; the default of 8 MiB counts as address space although it is hardly used. */
const STACK_KIB = 1_024;
/** A shell script that sets the limits before it executes the program. */
const LIMIT_MEMORY_SCRIPT = 'ulimit -s "$1" && ulimit -v "$2" && shift 2 && exec "$@"';
/** Exit codes of the shell if the program can't be executed. */
const CANNOT_EXECUTE_EXIT_CODES = [126, 127];

/** This system can limit a program's memory; macOS can't. */
export const CAN_LIMIT_MEMORY = process.platform === "linux";

/**
 * Runs a program with lower priority than this process. Rejects if it can't be started or is ended by a signal; after
 * our own signal with its reason, when the program has ended.
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
    // Each glibc arena takes 64 MiB of address space for a few MiB of memory.
    environment: { ...environment, MALLOC_ARENA_MAX: "1" },
  };
}

/** Lowers the priority, so that leases and messages are renewed in time. */
function lower(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // it has already ended
  }
}
