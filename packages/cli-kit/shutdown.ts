import { constants } from "node:os";
import { killAll, stopAll } from "./process";

type Cleanup = () => void | Promise<void>;

/** npm and a terminal may both pass on one Ctrl-C: what comes this soon after the first is not a second one. */
const echo = 1_000;

/**
 * Ends this process and everything that it started, once, whatever the reason. A second signal kills what has not
 * ended by then.
 */
export class Shutdown {
  private began: number | undefined;
  private readonly cleanups: Cleanup[] = [];

  /** `onSignal` tells that it stops; `exitCode` is that of a signal when it is what the user wants, 0 while serving. */
  constructor(private readonly onSignal: (signal: NodeJS.Signals) => void) {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => this.signal(signal));
    // npm is gone without a word: nobody is left who could end this
    const { ppid } = process;
    if (process.env.npm_lifecycle_event !== undefined) {
      setInterval(() => process.ppid !== ppid && this.signal("SIGHUP"), 1_000).unref();
    }
  }

  /** Whether it has begun: what fails from now on fails because of it. */
  get underWay(): boolean {
    return this.began !== undefined;
  }

  /** Being told to stop is no failure any more. */
  expected = false;

  /** Done before the servers are stopped, last one first. */
  before(cleanup: Cleanup): void {
    this.cleanups.push(cleanup);
  }

  /** Stops everything and exits. Resolves never. */
  async exit(code: number): Promise<never> {
    if (this.began !== undefined) return new Promise(() => undefined);
    this.began = Date.now();
    for (const cleanup of this.cleanups.reverse()) await Promise.resolve(cleanup()).catch(() => undefined);
    await stopAll();
    process.exit(code);
  }

  private signal(signal: NodeJS.Signals): void {
    const code = 128 + constants.signals[signal];
    if (this.began === undefined) {
      this.onSignal(signal);
      void this.exit(this.expected ? 0 : code);
    } else if (Date.now() - this.began > echo) {
      killAll();
      process.exit(code);
    }
  }
}
