import { type ChildProcess, fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { zipOf } from "../../../stacks/constructs/compute/function-code";

/** A process like Lambda's: the unpacked deployed zip, invoked with events sequentially. */
export interface Lambda {
  /** The result; rejects with the handler's error. */
  invoke(event: unknown): Promise<unknown>;
  /** Standard output and error so far. */
  output(): string;
  stop(): Promise<void>;
}

const RUNNER = `
const { handler } = require("./index.js");
process.on("message", async ({ id, event }) => {
  try {
    process.send({ id, reply: await handler(event, { awsRequestId: "invocation-" + id }) });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});`;

interface Answer {
  readonly id: number;
  readonly reply?: unknown;
  readonly error?: string;
}

export function startLambda(
  folder: string,
  code: Parameters<typeof zipOf>[0],
  env: Record<string, string>,
): Lambda {
  unpack(folder, code);
  return startUnpacked(folder, env);
}

/** Writes a function's zip into a folder, from which any number of processes can start. */
function unpack(folder: string, code: Parameters<typeof zipOf>[0]): void {
  for (const [name, bytes] of Object.entries(unzipSync(zipOf(code)))) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  writeFileSync(join(folder, "runner.js"), RUNNER);
}

/** Another process of a function that was unpacked into the folder. */
export function startUnpacked(folder: string, env: Record<string, string>): Lambda {
  const child: ChildProcess = fork(join(folder, "runner.js"), {
    cwd: folder,
    env: { PATH: process.env.PATH, LAMBDA_TASK_ROOT: folder, ...env },
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const waiting = new Map<number, (answer: Answer) => void>();
  child.on("message", (answer: Answer) => waiting.get(answer.id)?.(answer));
  child.on("exit", (code, signal) => {
    const error = `the process ended (${code ?? signal}):\n${output}`;
    for (const [id, tell] of waiting) tell({ id, error });
  });
  let count = 0;
  return {
    async invoke(event) {
      const id = ++count;
      const answer = await new Promise<Answer>((resolve) => {
        waiting.set(id, resolve);
        child.send({ id, event });
      });
      waiting.delete(id);
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.reply;
    },
    output: () => output,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    },
  };
}
