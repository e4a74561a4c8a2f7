import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brightnessIn, posterArguments, posterTime, spriteArguments } from "./ffmpeg-arguments";
import type { StreamOptions } from "./stream-input";
import type { Source } from "./probe";
import { spriteCues, spriteOf } from "./sprite";
import { expectFiles, type Playlist } from "./stream-files";

interface StreamPictures {
  readonly output: string;
  /** Rungs, largest first. */
  readonly rungs: readonly Playlist[];
  readonly source: Source;
  /** Length of the stream in seconds. */
  readonly seconds: number;
  /** Frames per second. */
  readonly frameRate: number;
}

/** Mean luma from which a picture shows something; black is 16. */
const BRIGHT = 40;

/** Makes the sprite from the smallest rung, and the poster from the largest. */
export async function addPictures(
  { output, rungs, source, seconds, frameRate }: StreamPictures,
  { transcoder, signal }: Pick<StreamOptions, "transcoder" | "signal">,
): Promise<void> {
  const [largest, smallest] = [rungs[0], rungs.at(-1)];
  if (largest === undefined || smallest === undefined)
    throw new Error("a stream must have at least one rung");
  const sprite = spriteOf({ ...source, durationSeconds: seconds });
  const brightness: number[] = [];
  const onLine = (line: string): void => {
    const value = brightnessIn(line);
    if (value !== undefined) brightness.push(value);
  };
  await transcoder.run(spriteArguments(smallest, sprite, frameRate), { folder: output, signal, onLine });
  await writeFile(
    join(output, "sprite.vtt"),
    spriteCues({ ...sprite, count: brightness.length || sprite.count }, seconds),
  );
  const time = brightTime(brightness, { interval: sprite.interval, wanted: posterTime(seconds) });
  await transcoder.run(posterArguments(largest, time, frameRate), {
    folder: output,
    signal,
    onLine: () => undefined,
  });
  await expectFiles(output, ["poster.jpg", "sprite.jpg", "sprite.vtt", "chapters.vtt"]);
}

interface WantedTime {
  /** Seconds between the thumbnails. */
  readonly interval: number;
  readonly wanted: number;
}

/** The time nearest to a wanted one at which a thumbnail is bright; that of the brightest if none is. */
export function brightTime(brightness: readonly number[], { interval, wanted }: WantedTime): number {
  const thumbnails = brightness.map((luma, index) => ({ luma, time: index * interval }));
  const distance = ({ time }: { time: number }): number => Math.abs(time - wanted);
  const bright = thumbnails.filter(({ luma }) => luma >= BRIGHT);
  const [nearest] = bright.sort((one, other) => distance(one) - distance(other));
  const [brightest] = thumbnails.sort(
    (one, other) => other.luma - one.luma || distance(one) - distance(other),
  );
  const chosen = nearest ?? brightest;
  // Between two bright thumbnails, the wanted time itself is as good.
  return chosen === undefined || (nearest !== undefined && distance(chosen) <= interval / 2)
    ? wanted
    : chosen.time;
}
