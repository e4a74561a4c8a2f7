import { complexityOf, factorOf } from "../../../handlers/processor/complexity";
import { UnprocessableVideoError } from "../../../handlers/processor/errors";
import { bytesIn } from "../../../handlers/processor/ffmpeg-arguments";
import { changedBy, ladderOf } from "../../../handlers/processor/ladder";
import type { Transcoder } from "../../../handlers/processor/ports";
import type { StreamInput, StreamOptions } from "../../../handlers/processor/stream-input";

const ladder = ladderOf({ width: 1920, height: 1080, rate: 30 });
const usual = ladder.find(({ name }) => name === "video_240p")?.kilobits ?? NaN;

/** The factor of a video whose parts need these bit rates in kbit/s; a part without one can't be decoded. */
async function asked(seconds: number, ...parts: readonly (number | undefined)[]) {
  const starts: number[] = [];
  const run: Transcoder["run"] = (args, { onLine }) => {
    starts.push(Number(args[args.indexOf("-ss") + 1]));
    const kilobits = parts[(starts.length - 1) % parts.length];
    if (kilobits === undefined) return Promise.reject(new UnprocessableVideoError("undecodable"));
    onLine("#tb 0: 1/30");
    onLine(`0,          0,          0,        1,   ${(kilobits * 1_000) / 8 - 100}, 0x69f52bcd`);
    onLine("0,          1,          1,        1,      100, 0xd7b4a2a9, F=0x0");
    return Promise.resolve("");
  };
  const factor = await complexityOf(
    {
      file: "x",
      source: { video: 0, width: 1280, height: 720, colour: {} },
      lengths: { seconds },
      output: ".",
    } as StreamInput,
    { ladder, rate: "30" },
    {
      transcoder: { run } as Transcoder,
      encoding: { preset: "fast", threads: 1 },
      signal: new AbortController().signal,
    } as StreamOptions,
  );
  return { factor, starts };
}

it("looks at parts of the whole video, but not of short ones", async () => {
  expect(await asked(59, usual)).toEqual({ factor: 1, starts: [] });
  expect((await asked(60, usual)).starts).toEqual([7.5, 22.5, 37.5, 52.5]);
  const { starts } = await asked(7_200, usual);
  expect(starts).toHaveLength(12);
  expect(starts.at(-1)).toBe(6_900);
});

it.each([
  ["stays as usual with what the usual limit is for", [usual / 1.3], 1],
  ["follows the most complex part", [usual / 2, usual, usual / 3, undefined], 1.3],
  ["is lower for a talk with slides, within a limit", [usual / 10], 0.7],
  ["is higher for grain, within a limit", [usual * 5], 1.6],
  ["stays as usual if no part can be decoded", [undefined], 1],
])("%s", async (_, parts, factor) => {
  expect((await asked(120, ...parts)).factor).toBeCloseTo(factor, 1);
});

it("stays as usual if a part takes too long, as with a single key frame", async () => {
  const limit = new AbortController();
  const timeout = jest.spyOn(AbortSignal, "timeout").mockReturnValue(limit.signal);
  try {
    const run: Transcoder["run"] = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
        limit.abort(new Error("too long"));
      });
    const input = {
      file: "x",
      source: { video: 0, width: 1280, height: 720, colour: {} },
      lengths: { seconds: 60 },
      output: ".",
    } as StreamInput;
    const options = {
      transcoder: { run } as Transcoder,
      encoding: { preset: "fast", threads: 1 },
      signal: new AbortController().signal,
    } as StreamOptions;
    expect(await complexityOf(input, { ladder, rate: "30" }, options)).toBe(1);
  } finally {
    timeout.mockRestore();
  }
});

it("changes every limit by the factor", () => {
  expect(changedBy(1.5, ladder).map(({ kilobits }) => kilobits)).toEqual(
    ladder.map(({ kilobits }) => Math.round(kilobits * 1.5)),
  );
  expect(factorOf([], usual)).toBe(1);
});

it("counts packets only", () => {
  expect(bytesIn("0,         10,         12,        1,     4321, 0x69f52bcd, F=0x0")).toBe(4_321);
  for (const line of ["#tb 0: 1/30", "#media_type 0: video", "frame=12"]) expect(bytesIn(line)).toBe(0);
});
