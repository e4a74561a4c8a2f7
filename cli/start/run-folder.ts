import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { type Lock, tryLock } from "@packages/cli-kit/lock";
import { localFolder, logFolder } from "@packages/cli-kit/paths";
import { accepts, freePort } from "@packages/embedded-aws/servers/ports";
import { writeWhole } from "@packages/cli-kit/write-whole";

interface RunPlaces {
  readonly folder: string;
  readonly logs: string;
  /** An earlier run left data to resume from. */
  readonly resumed: boolean;
}

/** Files of one kind of run: those of `npm start` persist, those of `--once` exist for one run. */
export class RunFolder implements RunPlaces {
  readonly folder: string;
  readonly logs: string;
  readonly resumed: boolean;
  private readonly begun = new Set<string>();

  private constructor(
    { folder, logs, resumed }: RunPlaces,
    private readonly lock: Lock,
  ) {
    this.folder = folder;
    this.logs = logs;
    this.resumed = resumed;
  }

  /** Opens and locks the folder. Throws if another run of that name is running in this checkout. */
  static open({ name, once, fresh }: { name: string; once: boolean; fresh: boolean }): RunFolder {
    const lock = tryLock(join(localFolder, `${name}.lock`));
    if (!("release" in lock)) {
      throw new Error(
        `process ${lock.owner} is a run with the name ${name}: stop it first, or use another --name`,
      );
    }
    const folder = join(localFolder, name);
    const logs = name === "start" ? logFolder : join(logFolder, name);
    if (once || fresh) rmSync(folder, { recursive: true, force: true });
    const resumed = existsSync(folder);
    mkdirSync(folder, { recursive: true });
    mkdirSync(logs, { recursive: true });
    return new RunFolder({ folder, logs, resumed }, lock);
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Path of a log file of this run, emptied on first use. */
  log(name: string): string {
    const file = join(this.logs, `${name}.log`);
    if (!this.begun.has(name)) rmSync(file, { force: true });
    this.begun.add(name);
    return file;
  }

  /** Path of a report: in `.local/`, or next to the logs if the run has its own name. */
  report(name: string): string {
    return join(["start", "once"].includes(basename(this.folder)) ? localFolder : this.logs, name);
  }

  /** The server's port of the last run if it is free, because queue URLs contain it. */
  async port(name: string): Promise<number> {
    const file = this.path("ports.json");
    const ports = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, number>) : {};
    const known = ports[name];
    if (known !== undefined && !(await accepts(known))) return known;
    const port = await freePort();
    writeWhole(file, JSON.stringify({ ...ports, [name]: port }));
    return port;
  }

  release(): void {
    this.lock.release();
  }
}
