import { UnprocessableVideoError } from "./errors";
import { type Fields, fieldsIn, isTelecined, mayBeTelecined, mayHaveFields } from "./fields";
import { differenceIn, idetArguments, posterTime, telecineArguments } from "./ffmpeg-arguments";
import type { StreamInput, StreamOptions } from "./stream-input";

/** Finds out what the frames of a source consist of, from some frames after its start. */
export async function findFields(
  { file, source, lengths, output }: StreamInput,
  { transcoder, signal }: Pick<StreamOptions, "transcoder" | "signal">,
): Promise<Fields> {
  if (!mayHaveFields(source)) return "none";
  const look = { file, source, seconds: posterTime(lengths.seconds) };
  try {
    const log = await transcoder.run(idetArguments(look), {
      folder: output,
      signal,
      onLine: () => undefined,
    });
    const fields = fieldsIn(log, source);
    if (fields !== "interlaced" || !mayBeTelecined(source)) return fields;
    const differences: number[] = [];
    const onLine = (line: string): void => {
      const difference = differenceIn(line);
      if (difference !== undefined) differences.push(difference);
    };
    await transcoder.run(telecineArguments(look), { folder: output, signal, onLine });
    return isTelecined(differences) ? "telecined" : fields;
  } catch (error) {
    // A damaged place does not matter here: the transcoding tells whether the file can be decoded.
    if (error instanceof UnprocessableVideoError) return source.interlaced ? "flagged" : "none";
    throw error;
  }
}
