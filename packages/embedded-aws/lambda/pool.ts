import type { FunctionConfiguration } from "./configuration";
import type { ExecutionEnvironment } from "./execution-environment";

/** Executions at once of a function without reserved concurrency: what this machine can bear, not AWS's limit. */
const unreserved = 50;
/** Milliseconds for which a process without events is kept. */
const idle = 5 * 60_000;
/** Milliseconds after which a process is not used again: its credentials would expire. */
const longest = 40 * 60_000;

/** Lambda's refusal of one execution too many. */
export class TooManyRequestsException extends Error {
  override readonly name = "TooManyRequestsException";
  constructor(
    readonly reason:
      "ReservedFunctionConcurrentInvocationLimitExceeded" | "ConcurrentInvocationLimitExceeded",
  ) {
    super("Rate Exceeded.");
  }
}

/** The warm processes of one version of a function. */
export class Pool {
  private readonly warm: { readonly environment: ExecutionEnvironment; readonly timer: NodeJS.Timeout }[] =
    [];
  private busy = 0;
  private generation = "";
  private limit: number | undefined;
  private readonly all = new Map<ExecutionEnvironment, string>();

  /** Processes started for another configuration are not used again. */
  configure(configuration: FunctionConfiguration): void {
    this.limit = configuration.reserved;
    const generation = generationOf(configuration);
    if (generation === this.generation) return;
    this.generation = generation;
    this.warm.splice(0).forEach(({ environment, timer }) => {
      clearTimeout(timer);
      this.end(environment);
    });
  }

  /** Counts one execution; the returned function counts it off. Throws TooManyRequestsException. */
  reserve(): () => void {
    if (this.busy >= (this.limit ?? unreserved)) {
      const reserved = this.limit !== undefined;
      throw new TooManyRequestsException(
        reserved ? "ReservedFunctionConcurrentInvocationLimitExceeded" : "ConcurrentInvocationLimitExceeded",
      );
    }
    this.busy++;
    return () => this.busy--;
  }

  /** The process that was used last, undefined when none is warm. */
  take(): ExecutionEnvironment | undefined {
    for (;;) {
      const next = this.warm.pop();
      if (!next) return undefined;
      clearTimeout(next.timer);
      if (Date.now() - next.environment.instance.began < longest) return next.environment;
      this.end(next.environment);
    }
  }

  /** Notes a process just started for a configuration. */
  add(environment: ExecutionEnvironment, configuration: FunctionConfiguration): void {
    this.all.set(environment, generationOf(configuration));
  }

  /** Keeps a process for the next event, frozen. */
  give(environment: ExecutionEnvironment): void {
    if (this.all.get(environment) !== this.generation) return this.end(environment);
    environment.instance.freeze();
    const timer = setTimeout(() => {
      const place = this.warm.findIndex((one) => one.environment === environment);
      if (place >= 0) this.warm.splice(place, 1);
      this.end(environment);
    }, idle);
    timer.unref();
    this.warm.push({ environment, timer });
  }

  /** Ends a process, if it has not ended by itself. */
  end(environment: ExecutionEnvironment): void {
    this.all.delete(environment);
    environment.instance.kill();
    void environment.log.flush();
  }

  /** Ends them all, and waits until their logs are sent. */
  async stop(): Promise<void> {
    this.warm.splice(0).forEach(({ timer }) => clearTimeout(timer));
    const environments = [...this.all.keys()];
    environments.forEach((environment) => this.end(environment));
    await Promise.all(environments.map(({ log }) => log.flush()));
  }
}

/** What a process depends on: another one is needed when it changes. */
function generationOf(configuration: FunctionConfiguration): string {
  return JSON.stringify({ ...configuration, reserved: undefined, codeLocation: undefined });
}
