import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Sample } from "./case";

export interface CommandOptions {
  readonly cwd: string;
  /** Additional environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Accepted exit codes.
   * @default 0
   */
  readonly accept?: readonly number[];
}

/**
 * Runs a command and measures it with descendants: `wall` (s), `cpu` (user and system seconds) and `rss` (MiB of the
 * largest process). Throws with its last output if it fails.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = {}, accept = [0] }: CommandOptions,
): Promise<Sample> {
  const child = spawn("python3", [join(__dirname, "measured.py"), command, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const said: Buffer[] = [];
  const figures: Buffer[] = [];
  const [, out, errors, measured] = child.stdio as (Readable | undefined)[];
  for (const stream of [out, errors]) stream?.on("data", (bytes: Buffer) => said.push(bytes));
  measured?.on("data", (bytes: Buffer) => figures.push(bytes));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`python3 can't be started: ${error.message}`)));
    child.once("close", resolve);
  });
  if (code === null || !accept.includes(code)) {
    const end = Buffer.concat(said).toString("utf8").trim().split("\n").slice(-15).join("\n");
    throw new Error(`${[command, ...args].join(" ")} ended with exit code ${code} in ${cwd}:\n${end}`);
  }
  return JSON.parse(Buffer.concat(figures).toString("utf8")) as Sample;
}
