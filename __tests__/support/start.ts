import { type ChildProcess, spawn } from "node:child_process";
import { projectFolder } from "../../packages/cli-kit/paths";

/** Output and exit code of `npm start`. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** An `npm start` for a test. */
export class Start {
  output = "";
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcess;
  private readonly onOutput = new Set<() => void>();

  constructor(...options: string[]) {
    const args = ["--import", "tsx", "commands.ts", "start", ...options];
    const child = spawn(process.execPath, args, { cwd: projectFolder, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: Buffer) => {
        this.output += text.toString();
        for (const told of this.onOutput) told();
      });
    }
    this.child = child;
    this.ended = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, output: this.output }));
    });
  }

  /** The last line that starts with a name and a colon, or with the name alone. */
  line(name: string): string {
    return this.output.split("\n").findLast((text) => text.startsWith(`${name}:`)) ?? "";
  }

  /** Where its embedded AWS answers; empty before it says so. */
  get endpoint(): string {
    return /^AWS +(http\S+)/m.exec(this.output)?.[1] ?? "";
  }

  /** Resolves with the product's URL once it serves. Rejects with the output if it ends before. */
  async serving(): Promise<string> {
    await this.said(/Ctrl-C stops it/);
    const [, url] = await this.said(/^product +(http\S+)$/m);
    return url ?? "";
  }

  /** Resolves once it serves and a plan has verified that nothing is left to change. Rejects like `serving`. */
  async verified(): Promise<void> {
    await this.said(/is up to date \(second plan empty\)$/m);
  }

  /** Resolves with the first match of a text in the output. Rejects with the output if it ends before. */
  said(text: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const said = text.exec(this.output);
        if (said !== null) resolve(said);
      };
      this.onOutput.add(look);
      look();
      void this.ended.then(
        ({ code, output }) => reject(new Error(`it ended with ${code}:\n${output}`)),
        reject,
      );
    });
  }

  stop(): Promise<Ended> {
    this.child.kill("SIGINT");
    return this.ended;
  }
}
