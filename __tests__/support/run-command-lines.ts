import { main } from "../../commands";

/** Result of a command line. */
export interface CommandLineResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs command lines in turn in this process, which is faster than a process for each. Prints a JSON object of the
 * results by command line, or nothing if a command ends the process.
 */
async function runAll(lines: readonly (readonly string[])[]): Promise<void> {
  const results: Record<string, CommandLineResult> = {};
  for (const line of lines) results[line.join(" ")] = await run(line);
  process.exitCode = 0;
  process.stdout.write(JSON.stringify(results));
}

async function run(line: readonly string[]): Promise<CommandLineResult> {
  const written = { stdout: "", stderr: "" };
  const writes = {
    stdout: process.stdout.write.bind(process.stdout),
    stderr: process.stderr.write.bind(process.stderr),
  };
  process.exitCode = 0;
  for (const stream of ["stdout", "stderr"] as const) {
    process[stream].write = (text: string | Uint8Array) => {
      written[stream] += String(text);
      return true;
    };
  }
  try {
    await main(line);
    return { code: process.exitCode, stdout: written.stdout, stderr: written.stderr };
  } finally {
    process.stdout.write = writes.stdout;
    process.stderr.write = writes.stderr;
  }
}

if (require.main === module) void runAll(JSON.parse(process.argv[2] ?? "[]") as string[][]);
