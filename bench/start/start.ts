import { startProcess, type RunningProcess } from "@packages/cli-kit/process";
import { projectFolder } from "@packages/cli-kit/paths";
import { ProcessTree } from "../process-tree";

/** Milliseconds that it has to stop its servers and save what they hold. */
const SHUTDOWN_GRACE_MS = 120_000;

/** Seconds, CPU seconds and MiB of an `npm start`. */
export interface StartTimes {
  /** Until it serves: the last line before a signal is waited for. */
  readonly wall: number;
  /** CPU seconds until then, of all processes. */
  readonly cpu: number;
  /** Until a second plan has verified that nothing is left to change. */
  readonly proved: number;
  /** Peak of all processes together. */
  readonly memory: number;
}

/** A running `npm start`. */
export class ProductStart {
  private readonly began = performance.now();
  private output = "";
  private readonly onOutput = new Set<() => void>();

  private constructor(private readonly npm: RunningProcess) {
    const read = (text: Buffer): void => {
      this.output += text.toString();
      this.onOutput.forEach((told) => told());
    };
    npm.stdout?.on("data", read);
    npm.stderr?.on("data", read);
  }

  static async begin(...options: readonly string[]): Promise<ProductStart> {
    const npm = await startProcess({
      name: "npm start",
      command: "npm",
      args: ["start", "--silent", "--", ...options],
      cwd: projectFolder,
      stopSignal: "SIGINT",
      grace: SHUTDOWN_GRACE_MS,
    });
    return new ProductStart(npm);
  }

  get pid(): number {
    return this.npm.pid;
  }

  /** Seconds from its start until it serves. Rejects with what it said when it ends before. */
  serving(): Promise<number> {
    return this.saying("Ctrl-C stops it");
  }

  /** Seconds from its start until a second plan has verified the deployment. Rejects as `serving` does. */
  proved(): Promise<number> {
    return this.saying("is up to date (second plan empty)");
  }

  /** What its last lines say of something: `field("API")` is the API's URL. Throws when they do not. */
  field(name: string): string {
    const value = new RegExp(`^${name} +(\\S+)`, "m").exec(this.output)?.[1];
    if (value === undefined) throw new Error(`npm start did not say "${name}":\n${this.output}`);
    return value;
  }

  stop(): Promise<void> {
    return this.npm.stop();
  }

  private saying(text: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.output.includes(text)) resolve((performance.now() - this.began) / 1_000);
      };
      this.onOutput.add(look);
      look();
      void this.npm.ended.then(({ code }) =>
        reject(new Error(`npm start ended with exit code ${code}:\n${this.output.slice(-2_000)}`)),
      );
    });
  }
}

/** Starts, and stops what it started once that is proved. Throws what it said when it ends before. */
export async function timeStart(...options: readonly string[]): Promise<StartTimes> {
  const start = await ProductStart.begin(...options);
  const tree = ProcessTree.watch(start.pid);
  try {
    const wall = await start.serving();
    const cpu = tree.cpu();
    const proved = await start.proved();
    return { wall, cpu, proved, memory: tree.peak() };
  } finally {
    tree.stop();
    await start.stop();
  }
}
