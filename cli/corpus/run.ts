import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { CommandContext } from "@packages/cli-kit/command";
import { Refusal } from "@packages/cli-kit/refusal";
import { requireFfmpeg } from "../../harness/clips";
import { environments } from "../../stacks/environments";
import { CORPUS } from "./cases";
import type { CorpusCase } from "./corpus-case";
import { faultsOf, streamFaults } from "./faults";
import { CorpusRunner, type Measured } from "./measure-file";

export interface CorpusOptions {
  readonly files: readonly string[];
  readonly only: readonly string[] | undefined;
  readonly json: boolean;
  readonly preset: string;
  readonly timeoutSeconds: number;
}

/** Memory of the smallest task that is deployed. */
const TASK_MIB = Math.min(...environments.map(({ processor }) => processor.memory));
/** Part of the task's memory that ffmpeg may take, as in the processor's capacity. */
const RESERVED_MIB = 64;

/** Processes files, or the project's corpus without files, and prints what became of each. Returns 1 if one is wrong. */
export async function runCorpus(options: CorpusOptions, { print }: CommandContext): Promise<0 | 1> {
  const { files, preset, timeoutSeconds, json } = options;
  const missing = files.find((file) => !existsSync(file) || !statSync(file).isFile());
  if (missing !== undefined) throw new Refusal(`there is no file ${missing}`);
  await requireFfmpeg();
  const runner = new CorpusRunner({ preset, timeoutSeconds, memoryMiB: TASK_MIB - RESERVED_MIB });
  const cases = CORPUS.filter(({ name }) => options.only?.includes(name) ?? true);
  if (!json) print(HEAD);
  let wrong = 0;
  const show = (measured: Measured, faults: readonly string[]): void => {
    if (faults.length > 0) wrong++;
    print(json ? JSON.stringify(record(measured, faults)) : row(measured, faults));
  };
  try {
    for (const file of files) {
      const measured = await runner.measureFile(resolve(file));
      show(measured, streamFaults(measured));
    }
    if (files.length > 0) return wrong > 0 ? 1 : 0;
    for (const one of cases) {
      const measured = await runner.measureCase(one);
      show(measured, faultsOf(one, measured, TASK_MIB));
    }
  } finally {
    runner.close();
  }
  if (!json) print(`${cases.length - wrong} of ${cases.length} are right`);
  return wrong > 0 ? 1 : 0;
}

/** One line of `--json`. */
function record({ file, processing, effort, stream, frame }: Measured, faults: readonly string[]) {
  const rounded = (value: number | undefined, digits = 3): number | null =>
    value === undefined || !Number.isFinite(value) ? null : Number(value.toFixed(digits));
  return {
    file,
    outcome: processing.outcome,
    reason: processing.outcome === "failed" ? processing.reason : null,
    code: processing.outcome === "failed" ? (processing.code ?? "temporary") : null,
    durationSeconds: rounded(stream?.durationSeconds),
    toldSeconds: processing.outcome === "ready" ? rounded(processing.durationSeconds) : null,
    audio: (stream?.soundSeconds.length ?? 0) > 0,
    audioTracks: stream?.soundSeconds.length ?? 0,
    poster: stream?.poster ?? false,
    width: stream?.width ?? null,
    height: stream?.height ?? null,
    frameRate: rounded(stream?.frameRate),
    subtitles: stream?.subtitles ?? 0,
    chapters: stream?.chapters ?? 0,
    syncOffsetSeconds: rounded(stream?.syncOffset),
    ssim: rounded(frame?.ssim),
    colourError: rounded(frame?.colourError),
    bandwidthError: rounded(stream?.bandwidthError),
    combed: rounded(stream?.combed),
    notice: processing.outcome === "ready" ? (processing.notice ?? null) : null,
    peakMemoryMiB: rounded(effort.peakMemoryMiB, 1),
    cpuSeconds: rounded(effort.cpuSeconds, 2),
    wallSeconds: rounded(effort.wallSeconds, 2),
    faults,
  };
}

const COLUMNS = [
  ["file", 26],
  ["outcome", 8],
  ["seconds", 8],
  ["MiB", 6],
  ["sync", 7],
  ["SSIM", 6],
  ["colour", 7],
  ["bandwidth", 10],
] as const;

const cells = (values: readonly string[]): string =>
  values
    .map((value, index) => value.padEnd(COLUMNS[index]?.[1] ?? 0))
    .join(" ")
    .trimEnd();

const HEAD = cells(COLUMNS.map(([name]) => name));

function row({ file, processing, effort, stream, frame }: Measured, faults: readonly string[]): string {
  const number = (value: number | undefined, digits: number): string =>
    value === undefined || !Number.isFinite(value) ? "-" : value.toFixed(digits);
  const line = cells([
    file,
    processing.outcome,
    number(stream?.durationSeconds, 2),
    number(effort.peakMemoryMiB, 0),
    number(stream?.syncOffset, 3),
    number(frame?.ssim, 3),
    number(frame?.colourError, 1),
    number(stream?.bandwidthError, 3),
  ]);
  const reason = processing.outcome === "failed" ? [`  ${processing.reason}`] : [];
  return [line, ...reason, ...faults.map((fault) => `  WRONG: ${fault}`)].join("\n");
}

/** Names of the corpus's files. */
export const caseNames = (cases: readonly CorpusCase[] = CORPUS): string[] => cases.map(({ name }) => name);
