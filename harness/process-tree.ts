import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

const DEFAULT_SAMPLE_INTERVAL_MS = 250;
/** New processes are searched for this often; a search reads all of /proc. */
const SEARCH_INTERVAL_MS = 250;
/**
 * The exact memory is read when resident memory, which counts shared pages more than once, has grown by this factor, and
 * once a second: the kernel walks all pages for it.
 */
const NOTABLE_GROWTH = 1.01;
const MEASURE_INTERVAL_MS = 1_000;
/** Clock ticks per second in /proc on Linux: `getconf CLK_TCK`. */
const TICKS_PER_SECOND = 100;

/** A process with its descendants, from Linux's /proc: https://man7.org/linux/man-pages/man5/proc.5.html */
export class ProcessTree {
  private most = 0;
  private mostResident = 0;
  private known: readonly number[] = [];
  private searchedAt = Number.NEGATIVE_INFINITY;
  private measuredAt = Number.NEGATIVE_INFINITY;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly root: number,
    sampleIntervalMs: number,
  ) {
    this.timer = setInterval(() => this.sample(), sampleIntervalMs);
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

  /** The process and its descendants, with the names of their programs, and of their scripts: `node commands.ts`. */
  processes(): { readonly pid: number; readonly name: string; readonly memoryMiB: number }[] {
    return this.members().map((pid) => {
      const [program = "", ...args] = (read(`/proc/${pid}/cmdline`) ?? "").split(/[\0 ]/);
      const script = args.findLast((arg) => /\.(?:[cm]?js|ts)$/.test(arg)) ?? "";
      const name = `${basename(program)} ${basename(script)}`.trim();
      return { pid, name, memoryMiB: proportionalKiB(pid) / 1024 };
    });
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    const now = performance.now();
    if (now - this.searchedAt >= SEARCH_INTERVAL_MS) {
      this.known = this.members();
      this.searchedAt = now;
    }
    const resident = this.known.reduce((sum, pid) => sum + residentPages(pid), 0);
    if (resident < this.mostResident * NOTABLE_GROWTH && now - this.measuredAt < MEASURE_INTERVAL_MS) return;
    this.measuredAt = now;
    this.mostResident = Math.max(this.mostResident, resident);
    const kibibytes = this.known.reduce((sum, pid) => sum + proportionalKiB(pid), 0);
    this.most = Math.max(this.most, kibibytes / 1024);
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

/** Resident pages, with those that are shared; 0 for a process that has ended. */
function residentPages(pid: number): number {
  return Number(read(`/proc/${pid}/statm`)?.split(" ")[1] ?? 0);
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
