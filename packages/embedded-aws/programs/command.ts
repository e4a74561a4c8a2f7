import { logFile } from "@packages/cli-kit/paths";
import { lastLines, startProcess } from "@packages/cli-kit/process";

/**
 * Runs a program to its end, its output in the log file of that name. Throws when it fails: the message quotes the
 * last lines and names the file. A signal to this process ends it with all its children.
 */
export async function runCommand(name: string, command: string, ...args: string[]): Promise<void> {
  const log = logFile(name);
  const running = await startProcess({ name, command, args, log, grace: 10_000 });
  const { code, signal } = await running.ended;
  if (code === 0) return;
  const how = signal ? `was ended by ${signal}` : `failed with exit code ${code}`;
  throw new Error(`${[command, ...args].join(" ")} ${how} (${log}):\n${lastLines(log)}`);
}
