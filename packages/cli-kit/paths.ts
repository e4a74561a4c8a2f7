import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The checkout: the folder that holds package.json. */
export const projectFolder = resolve(__dirname, "../..");

/** Everything that `npm start` keeps between runs; never committed, safe to delete while nothing runs. */
export const localFolder = join(projectFolder, ".local");

/** One log file for each server and for each Terraform step. */
export const logFolder = join(localFolder, "logs");

/** The path of a log file, its folder made: `logFile("postgres")` is `.local/logs/postgres.log`. */
export function logFile(name: string): string {
  const file = join(logFolder, `${name}.log`);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}
