import type { CorpusCase, Range, ReadyExpectation } from "./corpus-case";
import type { StreamMeasures } from "./inspect-stream";
import type { Measured } from "./measure-file";

/** What holds for the stream of every file. */
const STREAM_LIMITS = {
  /** Share of the smallest task's memory. */
  memory: 0.6,
  /** Share by which a bandwidth in the master playlist may differ from the measured one. */
  bandwidth: 0.1,
  /** Seconds by which the told length, the sound and the start of the picture may differ from the picture. */
  seconds: 0.5,
  start: 0.05,
};

/** What is wrong with the result of a case: one text a fault, none if it is right. */
export function faultsOf({ expected }: CorpusCase, measured: Measured, taskMiB: number): string[] {
  const { processing, effort } = measured;
  const most = taskMiB * STREAM_LIMITS.memory;
  const faults =
    effort.peakMemoryMiB > most
      ? [`took ${Math.round(effort.peakMemoryMiB)} of ${Math.round(most)} MiB`]
      : [];
  if (processing.outcome === "failed") {
    if (expected.outcome === "ready") return [...faults, `failed: ${processing.reason}`];
    if (processing.code === expected.code) return faults;
    return [
      ...faults,
      `failed with ${processing.code ?? "an error"} instead of ${expected.code}: ${processing.reason}`,
    ];
  }
  if (expected.outcome === "failed") return [...faults, `is ready instead of failed with ${expected.code}`];
  return [...faults, ...streamFaults(measured), ...expectedFaults(expected, measured)];
}

/** Faults that no stream may have. */
export function streamFaults({ processing, stream }: Measured): string[] {
  if (stream === undefined || processing.outcome === "failed") return [];
  const { seconds, start, bandwidth } = STREAM_LIMITS;
  const { durationSeconds, soundSeconds, startSeconds } = stream;
  const near = (value: number): Range => [value - seconds, value + seconds];
  return [
    ...outside("told length", processing.durationSeconds, near(durationSeconds)),
    ...soundSeconds.flatMap((one) => outside("sound's length", one, near(durationSeconds))),
    ...outside("start of the picture", startSeconds, [-start, start]),
    ...outside("bandwidth error", stream.bandwidthError, [0, bandwidth]),
    ...outside("wrong thumbnails", stream.wrongThumbnails, [0, 0]),
    ...(stream.download ?? []).flatMap((one) =>
      outside("length in the download", one, near(durationSeconds)),
    ),
    ...different(
      "tracks of the download",
      stream.download?.length ?? soundSeconds.length + 1,
      soundSeconds.length + 1,
    ),
    ...stream.missingFiles.map((name) => `${name} is missing`),
  ];
}

function expectedFaults(
  expected: ReadyExpectation,
  { stream, frame, colours, effort, processing }: Measured,
): string[] {
  if (stream === undefined || processing.outcome === "failed") return ["has no stream"];
  const { size = [stream.width, stream.height], damaged = false } = expected;
  const least = expected.leastSsim ?? 0;
  return [
    ...outside("length", stream.durationSeconds, expected.seconds),
    ...outside("sound tracks", stream.soundSeconds.length, [expected.soundTracks, expected.soundTracks]),
    ...different("languages", stream.soundLanguages, expected.soundLanguages),
    ...different("size", [stream.width, stream.height], size),
    ...different("subtitles", stream.subtitles, expected.subtitles),
    ...different("chapters", stream.chapters, expected.chapters),
    ...different("notice of damage", processing.notice !== undefined, damaged),
    ...outside("frames per second", stream.frameRate, expected.frameRate),
    ...outside("sync offset", stream.syncOffset ?? NaN, expected.syncOffset),
    ...outside("loudness", stream.loudness ?? NaN, expected.loudness),
    ...different("sizes in AV1", stream.av1Seconds.length, expected.av1Sizes ?? 0),
    ...stream.av1Seconds.flatMap((seconds) => outside("length in AV1", seconds, expected.seconds)),
    ...different("download", stream.download !== undefined, expected.download ?? false),
    ...outside("sound's level", stream.soundLevel ?? NaN, expected.soundLevel),
    ...outside("SSIM", frame?.ssim ?? 1, [least, 1]),
    ...outside("colour error", frame?.colourError ?? NaN, limitOf(expected.mostColourError)),
    ...outside("combed frames", stream.combed, limitOf(expected.mostCombed)),
    ...outside(
      "CPU per second",
      effort.cpuSeconds / stream.durationSeconds,
      limitOf(expected.mostCpuPerSecond),
    ),
    ...colourFaults("poster", stream.posterColour, expected.posterColour),
    ...(expected.colours ?? []).flatMap(({ at, part, colour }, index) =>
      colourFaults(`colour of ${part} at ${at} s`, colours[index] ?? [NaN, NaN, NaN], colour),
    ),
  ];
}

const limitOf = (most: number | undefined): Range | undefined => (most === undefined ? undefined : [0, most]);

function outside(name: string, value: number, range: Range | undefined): string[] {
  if (range === undefined || (value >= range[0] && value <= range[1])) return [];
  return [`${name} is ${+value.toFixed(3)}, not from ${+range[0].toFixed(3)} to ${+range[1].toFixed(3)}`];
}

function different(name: string, value: unknown, expected: unknown): string[] {
  if (expected === undefined || JSON.stringify(value) === JSON.stringify(expected)) return [];
  return [`${name}: ${JSON.stringify(value)}, not ${JSON.stringify(expected)}`];
}

function colourFaults(
  name: string,
  colour: StreamMeasures["posterColour"],
  expected: ReadyExpectation["posterColour"],
): string[] {
  const channels = ["red", "green", "blue"] as const;
  return channels.flatMap((channel, index) =>
    outside(`${channel} of the ${name}`, colour[index] ?? NaN, expected?.[index]),
  );
}
