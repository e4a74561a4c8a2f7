import { startProcess, type RunningProcess } from "@packages/cli-kit/process";
import { projectFolder } from "@packages/cli-kit/paths";
import { ProcessTree } from "../../harness/process-tree";

/** Milliseconds to stop its servers and save their data. */
const SHUTDOWN_GRACE_MS = 120_000;

/** Measurements of an `npm start`. */
export interface StartTimes {
  /** Seconds until it serves. */
  readonly wall: number;
  /** CPU seconds of all processes until then. */
  readonly cpu: number;
  /** Seconds until a second plan has verified the deployment. */
  readonly verified: number;
  /** Peak memory of all processes in MiB. */
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
      this.onOutput.forEach((listener) => listener());
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

  /** Seconds until it serves. Rejects with its output if it ends first. */
  serving(): Promise<number> {
    return this.saying("Ctrl-C stops it");
  }

  /** Seconds from its start until a second plan has verified the deployment. Rejects as `serving` does. */
  verified(): Promise<number> {
    return this.saying("is up to date (second plan empty)");
  }

  /** A field of its final lines: `field("API")` is the API's URL. Throws if it is missing. */
  field(name: string): string {
    const value = new RegExp(`^${name} +(\\S+)`, "m").exec(this.output)?.[1];
    if (value === undefined) throw new Error(`npm start printed no "${name}":\n${this.output}`);
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

/** Measures a start, and stops it after verification. Throws with its output if it ends first. */
export async function timeStart(...options: readonly string[]): Promise<StartTimes> {
  const start = await ProductStart.begin(...options);
  const tree = ProcessTree.watch(start.pid);
  try {
    const wall = await start.serving();
    const cpu = tree.cpu();
    const verified = await start.verified();
    return { wall, cpu, verified, memory: tree.peak() };
  } finally {
    tree.stop();
    await start.stop();
  }
}
