import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type RunningProcess, startProcess } from "@packages/cli-kit/process";
import type { FunctionConfiguration } from "./configuration";
import { majorOfRuntime, nodeOfMajor } from "../programs/node";
import { heapFlags } from "./heap-flags";

export interface InvocationContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  /** Trace header, if the function is traced. */
  readonly traceId: string | undefined;
}

/** An error as Lambda reports it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export interface Outcome {
  /** The handler's result as JSON. */
  readonly payload?: string | undefined;
  readonly error?: FunctionError | undefined;
  /** Maximum memory used, in bytes. */
  readonly memoryUsed: number;
  /** The instance can handle another event. */
  readonly alive: boolean;
}

interface Answer {
  readonly type: "ready" | "result" | "error";
  readonly id?: string;
  readonly payload?: string;
  readonly error?: FunctionError;
  readonly fatal?: boolean;
  readonly rss?: number;
}

export interface InstanceOptions {
  readonly configuration: FunctionConfiguration;
  readonly taskRoot: string;
  readonly env: Record<string, string>;
  /** File that network.cjs reads. */
  readonly networkFile: string;
  readonly onLine: (line: string) => void;
}

/** Lambda's init timeout in milliseconds. */
const INIT_TIMEOUT_MS = 10_000;
/** Milliseconds between memory measurements. */
const MEMORY_CHECK_INTERVAL_MS = 200;

/** Ends the output of one invocation; worker.cjs writes the same text. */
const OUTPUT_END = "\u0000end of invocation\u0000";

/** One execution environment: a process that handles one event at a time and is frozen in between. */
export class Instance {
  readonly began = Date.now();
  /** Duration of loading the function in milliseconds. */
  initDuration = 0;
  private waiting: ((answer: Answer | undefined) => void) | undefined;
  private onOutputEnd: () => void = () => undefined;
  private memoryUsed = 0;
  private fault: FunctionError | undefined;

  private constructor(
    private readonly process: RunningProcess,
    private readonly options: InstanceOptions,
  ) {
    createInterface({ input: process.channel as NodeJS.ReadableStream }).on("line", (line) => {
      const answer = JSON.parse(line) as Answer;
      this.memoryUsed = Math.max(this.memoryUsed, answer.rss ?? 0);
      this.waiting?.(answer);
    });
    process.channel?.on("error", () => undefined);
    if (process.stdout) createInterface({ input: process.stdout }).on("line", (line) => this.read(line));
    void process.ended.then(() => {
      this.waiting?.(undefined);
      this.onOutputEnd();
    });
  }

  /** Starts the process; the first invocation waits until the function is loaded. */
  static async start(options: InstanceOptions): Promise<Instance> {
    const { memory, runtime } = options.configuration;
    const process_ = await startProcess({
      name: `function ${options.configuration.name}`,
      command: await nodeOfMajor(majorOfRuntime(runtime)),
      args: [
        ...heapFlags(memory),
        ...["--require", join(__dirname, "network.cjs"), join(__dirname, "worker.cjs"), options.networkFile],
      ],
      env: options.env,
      cwd: options.taskRoot,
      mergeOutput: true,
      channel: true,
      // a frozen process hears no other signal
      stopSignal: "SIGKILL",
    });
    return new Instance(process_, options);
  }

  /** Waits until the function is loaded. Returns the error, or undefined. */
  async init(): Promise<FunctionError | undefined> {
    const answer = await this.answer(INIT_TIMEOUT_MS);
    this.initDuration = Date.now() - this.began;
    if (answer?.type === "ready") return undefined;
    this.kill();
    if (answer?.error) return answer.error;
    return this.fault ?? this.exitError("") ?? timedOut("", INIT_TIMEOUT_MS / 1000);
  }

  /** Invokes the function with an event. Never throws; errors are in the outcome. */
  async invoke(event: unknown, context: InvocationContext): Promise<Outcome> {
    const { timeout } = this.options.configuration;
    const id = context.awsRequestId;
    this.signal("SIGCONT");
    this.fault = undefined;
    const watch = setInterval(() => this.checkMemory(id), MEMORY_CHECK_INTERVAL_MS);
    const answered = this.answer(context.deadline - Date.now());
    this.process.channel?.write(`${JSON.stringify({ id, event, context })}\n`);
    const written = new Promise<void>((resolve) => (this.onOutputEnd = resolve));
    const answer = await answered;
    clearInterval(watch);
    const { memoryUsed } = this;
    if (answer && !answer.fatal) {
      // Result and log lines use two pipes; the last line may still be in transit. A race with the end of the process would
      // keep something of each invocation for as long as the process lives.
      await written;
      const { payload, error } = answer;
      return { error, payload: error ? undefined : (payload ?? "null"), memoryUsed, alive: true };
    }
    const ended = this.process.ending() !== undefined;
    this.kill();
    await this.process.ended;
    const otherwise = ended ? this.exitError(id) : timedOut(id, timeout);
    const error = answer?.error ?? this.fault ?? otherwise ?? timedOut(id, timeout);
    return { error, memoryUsed, alive: false };
  }

  /** Handles an output line, or the marker that worker.cjs writes after each invocation. */
  private read(line: string): void {
    const isLast = line.endsWith(OUTPUT_END);
    const text = isLast ? line.slice(0, -OUTPUT_END.length) : line;
    if (!isLast || text !== "") this.options.onLine(text);
    if (isLast) this.onOutputEnd();
  }

  /** Freezes the process between events, as Lambda does: timers and sockets pause. */
  freeze(): void {
    this.signal("SIGSTOP");
  }

  kill(): void {
    this.process.kill();
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.process.ending()) return;
    try {
      process.kill(this.process.pid, signal);
    } catch {
      // it has just ended
    }
  }

  /** The next message; undefined after the timeout or the process's end. */
  private answer(milliseconds: number): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const late = setTimeout(() => this.waiting?.(undefined), Math.max(0, milliseconds));
      this.waiting = (answer) => {
        clearTimeout(late);
        this.waiting = undefined;
        resolve(answer);
      };
      if (this.process.ending()) this.waiting(undefined);
    });
  }

  private checkMemory(id: string): void {
    const file = `/proc/${this.process.pid}/statm`;
    if (!existsSync(file)) return;
    const pages = Number(readFileSync(file, "utf8").split(" ")[1]);
    this.memoryUsed = Math.max(this.memoryUsed, pages * 4096);
    if (pages * 4096 <= this.options.configuration.memory * 1024 * 1024) return;
    const errorMessage = `RequestId: ${id} Error: Runtime exited with error: signal: killed`;
    this.fault = { errorType: "Runtime.OutOfMemory", errorMessage };
    this.kill();
  }

  private exitError(id: string): FunctionError | undefined {
    const ending = this.process.ending();
    if (!ending) return undefined;
    const how = ending.signal ? `signal: ${ending.signal}` : `exit status ${ending.code}`;
    const errorMessage = `RequestId: ${id} Error: Runtime exited with error: ${how}`;
    return { errorType: "Runtime.ExitError", errorMessage };
  }
}

function timedOut(id: string, seconds: number): FunctionError {
  const errorMessage = `RequestId: ${id} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
  return { errorType: "Sandbox.Timedout", errorMessage };
}
