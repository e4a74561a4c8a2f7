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
  /** The trace header, when the function is traced. */
  readonly traceId: string | undefined;
}

/** An error as Lambda reports it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export interface Outcome {
  /** JSON text of what the handler returned. */
  readonly payload?: string | undefined;
  readonly error?: FunctionError | undefined;
  /** Bytes of memory used at most. */
  readonly memoryUsed: number;
  /** Whether another event may be handed to the instance. */
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
  /** Read by network.cjs. */
  readonly networkFile: string;
  readonly onLine: (line: string) => void;
}

/** Milliseconds that a function may take to load before it counts as failed. */
const longestInit = 10_000;
/** How often the memory of a running function is looked at. */
const memoryCheck = 200;

/** Ends the output of one invocation; worker.cjs writes the same text. */
const OUTPUT_END = "\u0000end of invocation\u0000";

/** One execution environment: a process that handles one event at a time and is frozen in between. */
export class Instance {
  readonly began = Date.now();
  /** Milliseconds that loading the function took. */
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
    void process.ended.then(() => this.waiting?.(undefined));
  }

  /** Starts the process; loading the function is the first part of the first invocation. */
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

  /** Waits until the function is loaded. Returns why it can't be, undefined when it is. */
  async init(): Promise<FunctionError | undefined> {
    const answer = await this.answer(longestInit);
    this.initDuration = Date.now() - this.began;
    if (answer?.type === "ready") return undefined;
    this.kill();
    if (answer?.error) return answer.error;
    return this.fault ?? this.exitError("") ?? timedOut("", longestInit / 1000);
  }

  /** Hands one event to the function. Never throws: what went wrong is in the outcome. */
  async invoke(event: unknown, context: InvocationContext): Promise<Outcome> {
    const { timeout } = this.options.configuration;
    const id = context.awsRequestId;
    this.signal("SIGCONT");
    this.fault = undefined;
    const watch = setInterval(() => this.checkMemory(id), memoryCheck);
    const answered = this.answer(context.deadline - Date.now());
    this.process.channel?.write(`${JSON.stringify({ id, event, context })}\n`);
    const written = new Promise<void>((resolve) => (this.onOutputEnd = resolve));
    const answer = await answered;
    clearInterval(watch);
    const { memoryUsed } = this;
    if (answer && !answer.fatal) {
      // The answer and the lines come by two pipes: its last line may still be on its way.
      await Promise.race([written, this.process.ended]);
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

  /** A line of the function's output, or the mark that worker.cjs writes behind the last one of an invocation. */
  private read(line: string): void {
    const isLast = line.endsWith(OUTPUT_END);
    const text = isLast ? line.slice(0, -OUTPUT_END.length) : line;
    if (!isLast || text !== "") this.options.onLine(text);
    if (isLast) this.onOutputEnd();
  }

  /** Stops the process between two events, as Lambda does: timers and sockets stand still until the next. */
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

  /** The next message; undefined when the process ends or the time is over before. */
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
