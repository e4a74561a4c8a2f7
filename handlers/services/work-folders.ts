import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const JOB_FOLDER_NAME = /^job-(\d+)-/;

/** Temporary folders below a folder that processors may share. */
export class WorkFolders {
  constructor(private readonly root: string) {}

  /** Runs work with an empty folder, which is always removed afterwards. */
  async use<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
    const folder = await mkdtemp(join(this.root, `job-${process.pid}-`));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  /** Removes folders of killed processors; call it before any work. Returns their number. */
  async clean(): Promise<number> {
    await mkdir(this.root, { recursive: true });
    const left = (await readdir(this.root)).filter((name) => {
      const pid = Number(JOB_FOLDER_NAME.exec(name)?.[1] ?? NaN);
      // In a container, the previous process had the same id.
      return pid === process.pid || (pid > 0 && !lives(pid));
    });
    for (const name of left) await rm(join(this.root, name), { recursive: true, force: true, maxRetries: 5 });
    return left.length;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
