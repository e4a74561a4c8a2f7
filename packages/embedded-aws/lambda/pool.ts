import type { FunctionConfiguration } from "./configuration";
import type { ExecutionEnvironment } from "./execution-environment";

/** Maximum concurrent executions without reserved concurrency; a limit of this machine, not of AWS. */
const UNRESERVED_CONCURRENCY = 50;
/** Milliseconds until an idle process is stopped. */
const IDLE_TIMEOUT_MS = 5 * 60_000;
/** Maximum lifetime of a process in milliseconds: its credentials would expire. */
const MAX_LIFETIME_MS = 40 * 60_000;

/** Lambda's error at the concurrency limit. */
export class TooManyRequestsException extends Error {
  override readonly name = "TooManyRequestsException";
  constructor(
    readonly reason:
      "ReservedFunctionConcurrentInvocationLimitExceeded" | "ConcurrentInvocationLimitExceeded",
  ) {
    super("Rate Exceeded.");
  }
}

/** Warm processes of one function version. */
export class Pool {
  private readonly warm: { readonly environment: ExecutionEnvironment; readonly timer: NodeJS.Timeout }[] =
    [];
  private busy = 0;
  private generation = "";
  private limit: number | undefined;
  private readonly all = new Map<ExecutionEnvironment, string>();

  /** Sets the configuration; processes of other configurations are not reused. */
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

  /** Reserves one execution; the returned function releases it. Throws TooManyRequestsException. */
  reserve(): () => void {
    if (this.busy >= (this.limit ?? UNRESERVED_CONCURRENCY)) {
      const reserved = this.limit !== undefined;
      throw new TooManyRequestsException(
        reserved ? "ReservedFunctionConcurrentInvocationLimitExceeded" : "ConcurrentInvocationLimitExceeded",
      );
    }
    this.busy++;
    return () => this.busy--;
  }

  /** The most recently used process; undefined if none is warm. */
  take(): ExecutionEnvironment | undefined {
    for (;;) {
      const next = this.warm.pop();
      if (!next) return undefined;
      clearTimeout(next.timer);
      if (Date.now() - next.environment.instance.began < MAX_LIFETIME_MS) return next.environment;
      this.end(next.environment);
    }
  }

  /** Registers a new process with its configuration. */
  add(environment: ExecutionEnvironment, configuration: FunctionConfiguration): void {
    this.all.set(environment, generationOf(configuration));
  }

  /** Freezes a process and keeps it for the next event. */
  give(environment: ExecutionEnvironment): void {
    if (this.all.get(environment) !== this.generation) return this.end(environment);
    environment.instance.freeze();
    const timer = setTimeout(() => {
      const place = this.warm.findIndex((one) => one.environment === environment);
      if (place >= 0) this.warm.splice(place, 1);
      this.end(environment);
    }, IDLE_TIMEOUT_MS);
    timer.unref();
    this.warm.push({ environment, timer });
  }

  /** Ends a process unless it has ended. */
  end(environment: ExecutionEnvironment): void {
    this.all.delete(environment);
    environment.instance.kill();
    void environment.log.flush();
  }

  /** Ends all processes, and waits until their logs are sent. */
  async stop(): Promise<void> {
    this.warm.splice(0).forEach(({ timer }) => clearTimeout(timer));
    const environments = [...this.all.keys()];
    environments.forEach((environment) => this.end(environment));
    await Promise.all(environments.map(({ log }) => log.flush()));
  }
}

/** Hash of the configuration that requires a new process when changed. */
function generationOf(configuration: FunctionConfiguration): string {
  return JSON.stringify({ ...configuration, reserved: undefined, codeLocation: undefined });
}
