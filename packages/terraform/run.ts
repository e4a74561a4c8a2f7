import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { startProcess } from "@packages/cli-kit/process";
import { describeDiagnostic, type Diagnostic, parseEvent, type TerraformEvent } from "./events";
import type { TerraformToolchain } from "./executable";

export interface TerraformFolder {
  readonly toolchain: TerraformToolchain;
  /** Folder of the configuration. */
  readonly folder: string;
  /** Variables added to the toolchain's environment: endpoint, credentials, `TF_DATA_DIR`. */
  readonly env: Readonly<Record<string, string>>;
  /** Log file to which Terraform's output is appended. */
  readonly log: string;
  /**
   * Milliseconds for an interrupted Terraform to save its state.
   * @default 40 000
   */
  readonly grace?: number;
}

export interface TerraformFailure {
  /** Terraform's subcommand, such as `apply`. */
  readonly command: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Path of the log file. */
  readonly log: string;
  /** End of the output, shown if there are no diagnostics. */
  readonly output: string;
}

/** A failed Terraform command; the message has each error with its resource, and the log file. */
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
 * Runs a Terraform command. With `-json` among the arguments, `onEvent` receives its events. SIGINT lets Terraform
 * finish running operations and save its state; after the grace period it is killed with its providers. Throws if it
 * fails; `accept` lists exit codes besides 0 that are results.
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
    // long output for programs, not useful in a log
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
  const how = signal ? `ended by ${signal}` : `exit code ${code}`;
  const output = errorsIn(other) || other.slice(-10).join("\n").trim() || how;
  throw new TerraformError({ command, diagnostics: errors, log, output });
}

/** Errors in output for people, without the frame that Terraform draws around each. */
function errorsIn(lines: readonly string[]): string {
  const plain = lines.map((line) => line.replace(/^[╷│╵] ?/, "").trimEnd());
  const first = plain.findIndex((line) => line.startsWith("Error: "));
  return first === -1
    ? ""
    : plain
        .slice(first)
        .join("\n")
        .replace(/\n{2,}/g, "\n")
        .trim();
}
