import { UnprocessableVideoError } from "../../../handlers/processor/errors";
import { AUDIO_KILOBITS, type Encoding } from "../../../handlers/processor/ffmpeg-arguments";
import { av1LadderOf, ladderOf, type Rung } from "../../../handlers/processor/ladder";
import { laddersOf } from "../../../handlers/processor/make-stream";
import { makeOnDisk } from "../../../handlers/processor/process-video";
import type { StreamInput } from "../../../handlers/processor/stream-input";

describe("the sizes of a stream", () => {
  const seconds = 3_600;
  const wanted = ladderOf({ width: 1_920, height: 1_080, rate: 30 });
  const kilobitsOf = (rungs: readonly Rung[]): number =>
    rungs.reduce((sum, { kilobits }) => sum + kilobits, 0);
  const bytesOf = (kilobits: number): number => (kilobits * 1_000 * seconds) / 8;
  const sizes = (maxBytes: number, encoding: Partial<Encoding> = {}, tracks = 1): readonly Rung[] =>
    laddersOf({ maxBytes, lengths: { seconds } } as StreamInput, {
      wanted,
      tracks,
      encoding: { preset: "veryfast", threads: 1, ...encoding },
    });

  it("are those in H.264, with the usual bit rates where there is room", () => {
    expect(sizes(Number.MAX_SAFE_INTEGER)).toEqual(wanted);
  });

  it("are those in AV1 too where the settings want them, after those in H.264, which every player knows", () => {
    expect(sizes(Number.MAX_SAFE_INTEGER, { av1: true })).toEqual([...wanted, ...av1LadderOf(wanted)]);
  });

  it("leave room for each sound", () => {
    const bytes = bytesOf(kilobitsOf(wanted) + 3 * AUDIO_KILOBITS);
    expect(sizes(bytes, {}, 3)).toEqual(wanted);
    const fewer = kilobitsOf(sizes(bytes - bytesOf(AUDIO_KILOBITS), {}, 3));
    expect(fewer).toBeLessThan(kilobitsOf(wanted));
    expect(fewer).toBeGreaterThan(kilobitsOf(wanted) - 2 * AUDIO_KILOBITS);
  });

  it("leave room for the MP4 for downloads: the largest size and all sounds again", () => {
    const [largest] = wanted;
    const whole = kilobitsOf(wanted) + (largest?.kilobits ?? NaN) + 2 * 2 * AUDIO_KILOBITS;
    expect(sizes(bytesOf(whole), { download: true }, 2)).toEqual(wanted);
    expect(kilobitsOf(sizes(bytesOf(whole - 100), { download: true }, 2))).toBeLessThan(kilobitsOf(wanted));
  });

  it("are not copied in AV1: the MP4 is in H.264", () => {
    const [largest] = wanted;
    const both = [...wanted, ...av1LadderOf(wanted)];
    const whole = kilobitsOf(both) + (largest?.kilobits ?? NaN) + 2 * AUDIO_KILOBITS;
    expect(sizes(bytesOf(whole), { av1: true, download: true })).toEqual(both);
  });
});

describe("what fails while a stream is made", () => {
  const failed = new UnprocessableVideoError("truncated", { seconds: 1, promised: 60 });
  const disk = (free: number, signal = new AbortController().signal) => ({
    signal,
    free: () => Promise.resolve(free),
  });
  const FULL = (32 << 20) - 1;

  it("is the video's fault while there is room", async () => {
    await expect(makeOnDisk(() => Promise.reject(failed), disk(FULL + 1))).rejects.toBe(failed);
  });

  it("is the disk's on a full one, with the failure as its cause, so that the video is tried again", async () => {
    const outcome: unknown = await makeOnDisk(() => Promise.reject(failed), disk(FULL)).catch(
      (error: unknown) => error,
    );
    expect(outcome).toMatchObject({ message: `the disk is full: ${FULL} bytes are free`, cause: failed });
    expect(outcome).not.toBeInstanceOf(UnprocessableVideoError);
  });

  it("is what stopped the run, also on a full disk", async () => {
    const stopped = new Error("the lease is lost");
    const signal = AbortSignal.abort(stopped);
    await expect(makeOnDisk(() => Promise.reject(stopped), disk(0, signal))).rejects.toBe(stopped);
  });

  it("is nothing where it succeeds, whatever is free then", async () => {
    expect(await makeOnDisk(() => Promise.resolve("a stream"), disk(0))).toBe("a stream");
  });
});
