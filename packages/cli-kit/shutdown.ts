import { constants } from "node:os";
import { killAll, stopAll } from "./process";

type Cleanup = () => void | Promise<void>;

/** Milliseconds in which a second signal is ignored: npm and a terminal can both deliver one Ctrl-C. */
const DUPLICATE_SIGNAL_MS = 1_000;

/** Ends this process and its children once, for any reason. A second signal kills what is still running. */
export class Shutdown {
  private began: number | undefined;
  private readonly cleanups: Cleanup[] = [];

  /** `onSignal` prints that it stops; `exitCode` is the code after a signal that the user expects, 0 while serving. */
  constructor(private readonly onSignal: (signal: NodeJS.Signals) => void) {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => this.signal(signal));
    // npm has exited, and no one else can end this process
    const { ppid } = process;
    if (process.env.npm_lifecycle_event !== undefined) {
      setInterval(() => process.ppid !== ppid && this.signal("SIGHUP"), 1_000).unref();
    }
  }

  /** Shutdown has started; later failures are caused by it. */
  get underWay(): boolean {
    return this.began !== undefined;
  }

  /** A stop signal is the expected end. */
  expected = false;

  /** Runs before the servers are stopped, last registered first. */
  before(cleanup: Cleanup): void {
    this.cleanups.push(cleanup);
  }

  /** Stops everything and exits. Never resolves. */
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
    } else if (Date.now() - this.began > DUPLICATE_SIGNAL_MS) {
      killAll();
      process.exit(code);
    }
  }
}
