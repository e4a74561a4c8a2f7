import { readdirSync, readFileSync } from "node:fs";

const DEFAULT_SAMPLE_INTERVAL_MS = 250;
/** Clock ticks per second in /proc on Linux: `getconf CLK_TCK`. */
const TICKS_PER_SECOND = 100;

/** A process with its descendants, from Linux's /proc: https://man7.org/linux/man-pages/man5/proc.5.html */
export class ProcessTree {
  private most = 0;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly root: number,
    sampleIntervalMs: number,
  ) {
    this.timer = setInterval(() => (this.most = Math.max(this.most, this.memory())), sampleIntervalMs);
  }

  /** Samples memory until `stop`. Throws if the process or /proc does not exist. */
  static watch(root: number, sampleIntervalMs = DEFAULT_SAMPLE_INTERVAL_MS): ProcessTree {
    if (statOf(root) === undefined)
      throw new Error(`/proc has no process ${root}: memory can only be measured on Linux`);
    return new ProcessTree(root, sampleIntervalMs);
  }

  /** Peak memory so far in MiB; shared pages count once. */
  peak(): number {
    return this.most;
  }

  /** CPU seconds so far, including ended children. */
  cpu(): number {
    const ticks = this.members().reduce((sum, pid) => sum + (statOf(pid)?.ticks ?? 0), 0);
    return ticks / TICKS_PER_SECOND;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private memory(): number {
    return this.members().reduce((sum, pid) => sum + proportionalKiB(pid), 0) / 1024;
  }

  private members(): number[] {
    const children = new Map<number, number[]>();
    for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      const parent = statOf(Number(name))?.parent;
      if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    }
    const found = [this.root];
    for (const pid of found) found.push(...(children.get(pid) ?? []));
    return found;
  }
}

interface Stat {
  readonly parent: number;
  /** User and system ticks of the process and its ended children. */
  readonly ticks: number;
}

/** Undefined for a process that has ended. */
function statOf(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The second field is the name in parentheses, which may contain spaces and parentheses.
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [, parent = 0] = fields;
  return { parent, ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
}

/** Proportional set size in KiB: shared pages are divided among processes. */
function proportionalKiB(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? "")?.[1] ?? 0);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
