import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Lock, tryLock } from "@packages/cli-kit/lock";
import { localFolder, logFolder } from "@packages/cli-kit/paths";
import { accepts, freePort } from "@packages/embedded-aws/servers/ports";

interface RunPlaces {
  readonly folder: string;
  readonly logs: string;
  /** Whether an earlier run left something to take up. */
  readonly resumed: boolean;
}

/** What one kind of run keeps: `npm start` from one time to the next, `--once` for its own duration. */
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

  /** Throws when another run of that name is under way in this checkout. */
  static open({ name, once, fresh }: { name: string; once: boolean; fresh: boolean }): RunFolder {
    const lock = tryLock(join(localFolder, `${name}.lock`));
    if (!("release" in lock)) {
      throw new Error(
        `another run has the name ${name}, as process ${lock.owner}: end it first, or give this one another --name`,
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

  /** A log file of this run, begun anew when it is asked for the first time. */
  log(name: string): string {
    const file = join(this.logs, `${name}.log`);
    if (!this.begun.has(name)) rmSync(file, { force: true });
    this.begun.add(name);
    return file;
  }

  /** A file for people to read: in `.local/`, or with the logs of a run that has a name of its own. */
  report(name: string): string {
    return join(["start", "once"].includes(basename(this.folder)) ? localFolder : this.logs, name);
  }

  /** The port that the server of that name had the last time, while it is free; queue URLs hold it. */
  async port(name: string): Promise<number> {
    const file = this.path("ports.json");
    const ports = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, number>) : {};
    const known = ports[name];
    if (known !== undefined && !(await accepts(known))) return known;
    const port = await freePort();
    writeFileSync(file, JSON.stringify({ ...ports, [name]: port }));
    return port;
  }

  release(): void {
    this.lock.release();
  }
}
