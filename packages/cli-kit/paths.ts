import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Root folder of the checkout. */
export const projectFolder = resolve(__dirname, "../..");

/** Folder of all local data; not committed, safe to delete while nothing runs. */
export const localFolder = join(projectFolder, ".local");

/** Folder of log files, one per server and Terraform step. */
export const logFolder = join(localFolder, "logs");

/** Path of a log file; creates the folder. `logFile("postgres")` is `.local/logs/postgres.log`. */
export function logFile(name: string): string {
  const file = join(logFolder, `${name}.log`);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}
