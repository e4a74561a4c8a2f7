import type { Writable } from "node:stream";

/** Milliseconds between progress lines when output is not a terminal. */
const HEARTBEAT_MS = 15_000;

export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

interface Step {
  readonly title: string;
  readonly began: number;
  status: () => string;
}

/**
 * Progress output: one line per finished step with its duration. Running steps have one line that is rewritten on a
 * terminal, or a line every 15 s elsewhere.
 */
export class Steps {
  private readonly underWay = new Set<Step>();
  private readonly timer: NodeJS.Timeout;
  private printedAt = Date.now();
  private shown = false;

  constructor(
    private readonly out: Writable & { isTTY?: boolean; columns?: number } = process.stdout,
    private readonly every = out.isTTY ? 250 : HEARTBEAT_MS,
  ) {
    this.timer = setInterval(() => this.tell(), Math.min(this.every, 1000));
    this.timer.unref();
  }

  /** Runs one step. `work` can report what it waits for; the text of `outcome` is printed at the end. */
  async run<Result>(
    title: string,
    work: (status: (current: () => string) => void) => Promise<Result>,
    outcome: (result: Result) => string = () => "",
  ): Promise<Result> {
    const step: Step = { title, began: Date.now(), status: () => "" };
    this.underWay.add(step);
    try {
      const result = await work((current) => (step.status = current));
      this.line(
        `${title}: ${[outcome(result), `(${duration(Date.now() - step.began)})`].filter(Boolean).join(" ")}`,
      );
      return result;
    } finally {
      this.underWay.delete(step);
    }
  }

  /** Prints a line. */
  line(text: string): void {
    this.clear();
    this.out.write(`${text}\n`);
    this.printedAt = Date.now();
  }

  /** Clears the progress line. */
  end(): void {
    clearInterval(this.timer);
    this.clear();
  }

  private tell(): void {
    if (this.underWay.size === 0 || Date.now() - this.printedAt < this.every) return;
    const texts = [...this.underWay].map(({ title, began, status }) =>
      [title, duration(Date.now() - began), status()].filter(Boolean).join(", "),
    );
    this.clear();
    const text = `… ${texts.join("; ")}`;
    this.out.write(this.out.isTTY ? text.slice(0, (this.out.columns ?? 80) - 1) : `${text}\n`);
    this.shown = this.out.isTTY === true;
    this.printedAt = Date.now();
  }

  private clear(): void {
    if (this.shown) this.out.write("\r\u001b[K");
    this.shown = false;
  }
}
