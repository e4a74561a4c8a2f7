import { logFile } from "@packages/cli-kit/paths";
import { lastLines, startProcess } from "@packages/cli-kit/process";

/**
 * Runs a program with its output in a log file. Throws if it fails, with the last lines and the file's path. A signal
 * to this process ends it with all children.
 */
export async function runCommand(name: string, command: string, ...args: string[]): Promise<void> {
  const log = logFile(name);
  const running = await startProcess({ name, command, args, log, grace: 10_000 });
  const { code, signal } = await running.ended;
  if (code === 0) return;
  const how = signal ? `was ended by ${signal}` : `failed with exit code ${code}`;
  throw new Error(`${[command, ...args].join(" ")} ${how} (${log}):\n${lastLines(log)}`);
}
