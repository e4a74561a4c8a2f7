import { failureCause } from "@packages/cli-kit/failure-cause";
import { logFile } from "@packages/cli-kit/paths";
import { lastLines, startProcess } from "@packages/cli-kit/process";

/**
 * Runs a program with its output in a log file. Throws if it fails, with the file's path and the
 * cause in one line, or the last lines. A signal
 * to this process ends it with all children.
 */
export async function runCommand(name: string, command: string, ...args: string[]): Promise<void> {
  const log = logFile(name);
  const running = await startProcess({ name, command, args, log, grace: 10_000 });
  const { code, signal } = await running.ended;
  if (code === 0) return;
  const how = signal ? `was ended by ${signal}` : `failed with exit code ${code}`;
  const output = lastLines(log);
  const cause = failureCause(output);
  const failed = `${[command, ...args].join(" ")} ${how}`;
  throw new Error(cause === undefined ? `${failed} (${log}):\n${output}` : `${cause}: ${failed} (${log})`);
}
