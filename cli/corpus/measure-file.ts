import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { compareFrame, type FrameComparison, largestRung } from "./compare-frame";
import type { CorpusCase } from "./corpus-case";
import { type Colour, colourOf, inspectStream, type StreamMeasures } from "./inspect-stream";
import { bundleWorker, type Effort, processFile } from "./process-file";
import type { Processing } from "./worker-input";
import { SourceFolder } from "./source-folder";

/** What became of a file. */
export interface Measured {
  readonly file: string;
  readonly processing: Processing;
  readonly effort: Effort;
  /** Undefined if it failed. */
  readonly stream: StreamMeasures | undefined;
  readonly frame: FrameComparison | undefined;
  /** Mean colours of the parts that the case names, in its order. */
  readonly colours: readonly Colour[];
}

export interface MeasureOptions {
  readonly preset: string;
  /** Memory of the task, in MiB, of which ffmpeg gets what the processor gives it. */
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
}

/** A bundled processor for files. */
export class CorpusRunner {
  private readonly folder = mkdtempSync(join(tmpdir(), "corpus-"));
  private readonly program = bundleWorker(join(this.folder, "worker"));

  constructor(private readonly options: MeasureOptions) {}

  /** Makes the file of a case, processes it and measures its stream. */
  measureCase(one: CorpusCase): Promise<Measured> {
    return this.withSource(one, (file) => this.measureFile(file, one));
  }

  /** Makes the file of a case and processes it; returns the folder of its stream, which `close` removes. */
  streamOf(one: CorpusCase): Promise<string> {
    return this.withSource(one, async (file) => {
      const stream = join(mkdtempSync(join(this.folder, "stream-")), "stream");
      mkdirSync(stream);
      const { processing } = await this.process(file, stream, one);
      if (processing.outcome === "failed") throw new Error(`${one.name}: ${processing.reason}`);
      return stream;
    });
  }

  private async withSource<Result>(
    one: CorpusCase,
    work: (file: string) => Promise<Result>,
  ): Promise<Result> {
    const folder = mkdtempSync(join(this.folder, "source-"));
    const file = join(folder, `${one.name}.${one.extension}`);
    try {
      one.make(new SourceFolder(folder, file));
      return await work(file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private process(file: string, stream: string, one?: CorpusCase): ReturnType<typeof processFile> {
    const { preset, memoryMiB, timeoutSeconds } = this.options;
    const encoding = { preset, threads: availableParallelism(), memoryMiB, ...one?.encoding };
    return processFile(this.program, { file, stream, encoding, timeoutSeconds });
  }

  /** Processes a file and measures its stream. */
  async measureFile(file: string, one?: CorpusCase): Promise<Measured> {
    const folder = mkdtempSync(join(this.folder, "stream-"));
    const stream = join(folder, "stream");
    mkdirSync(stream);
    try {
      const { processing, effort } = await this.process(file, stream, one);
      const measured = { file: basename(file), processing, effort };
      if (processing.outcome === "failed")
        return { ...measured, stream: undefined, frame: undefined, colours: [] };
      return { ...measured, ...looked(file, stream, one) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Removes all files. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function looked(file: string, folder: string, one: CorpusCase | undefined) {
  const stream = inspectStream(folder);
  const rung = largestRung(folder, readFileSync(join(folder, "master.m3u8"), "utf8"));
  const parts = one?.expected.outcome === "ready" ? (one.expected.colours ?? []) : [];
  const colours = parts.map(({ at, part }) => colourOf(rung, { at, part }));
  return { stream, colours, frame: compareFrame(file, rung, stream.durationSeconds) };
}
