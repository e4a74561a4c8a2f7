import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { startProcess } from "@packages/cli-kit/process";
import { describeDiagnostic, type Diagnostic, parseEvent, type TerraformEvent } from "./events";
import type { TerraformToolchain } from "./executable";

export interface TerraformFolder {
  readonly toolchain: TerraformToolchain;
  /** Holds the configuration. */
  readonly folder: string;
  /** Laid over the toolchain's environment: endpoint, credentials, `TF_DATA_DIR`. */
  readonly env: Readonly<Record<string, string>>;
  /** Everything that Terraform says is appended to it. */
  readonly log: string;
  /** Milliseconds that an interrupted Terraform has to save its state: 40 000 by default. */
  readonly grace?: number;
}

export interface TerraformFailure {
  /** Such as `apply`. */
  readonly command: string;
  readonly diagnostics: readonly Diagnostic[];
  /** The log file. */
  readonly log: string;
  /** What is said where there are no diagnostics: the end of the output. */
  readonly output: string;
}

/** What Terraform could not do: the message has each error with its resource, and the log file. */
export class TerraformError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor({ command, diagnostics, log, output }: TerraformFailure) {
    const causes = diagnostics.map(describeDiagnostic).join("\n") || output;
    super(`terraform ${command} failed (${log}):\n${causes}`);
    this.diagnostics = diagnostics;
  }
}

export interface TerraformRun {
  readonly code: number;
  readonly stdout: string;
}

/**
 * Runs one Terraform command. With `-json` among the arguments, `onEvent` is given what it says. A SIGINT lets
 * Terraform finish what is under way and save its state; after the grace it is killed with its providers.
 * Throws when it fails; `accept` names exit codes besides 0 that are answers.
 */
export async function runTerraform(
  { toolchain, folder, env, log, grace = 40_000 }: TerraformFolder,
  args: readonly string[],
  { onEvent, accept = [] }: { onEvent?: (event: TerraformEvent) => void; accept?: readonly number[] } = {},
): Promise<TerraformRun> {
  const command = args[0] ?? "";
  appendFileSync(log, `\n$ terraform ${args.join(" ")}\n`);
  const terraform = await startProcess({
    name: `terraform ${command}`,
    command: toolchain.executable.path,
    args,
    env: { ...process.env, ...toolchain.env, ...env },
    cwd: folder,
    stopSignal: "SIGINT",
    grace,
  });
  const errors: Diagnostic[] = [];
  const lines: string[] = [];
  const other: string[] = [];
  const streaming = args.includes("-json") && onEvent;
  const read = (stream: NodeJS.ReadableStream | null, use: (line: string) => void) => {
    if (stream) createInterface({ input: stream }).on("line", use);
  };
  read(terraform.stdout, (line) => {
    const event = streaming ? parseEvent(line) : undefined;
    if (!streaming) lines.push(line);
    // answers to be read by a program: long, and of no use in a log
    if (streaming || !args.some((arg) => arg === "-json" || arg === "pull")) appendFileSync(log, `${line}\n`);
    if (event?.diagnostic?.severity === "error") errors.push(event.diagnostic);
    if (event) onEvent?.(event);
    else other.push(line);
  });
  read(terraform.stderr, (line) => {
    appendFileSync(log, `${line}\n`);
    other.push(line);
  });
  const { code, signal } = await terraform.ended;
  if (code === 0 || (code !== null && accept.includes(code))) return { code, stdout: lines.join("\n") };
  const how = signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
  const output = other.slice(-10).join("\n").trim() || how;
  throw new TerraformError({ command, diagnostics: errors, log, output });
}
