import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CORPUS } from "../../../cli/corpus/cases";
import { faultsOf } from "../../../cli/corpus/faults";
import { inspectStream } from "../../../cli/corpus/inspect-stream";
import { CorpusRunner, type Measured } from "../../../cli/corpus/measure-file";
import { eachOf } from "../../../packages/cli-kit/concurrency";

/** Memory of the smallest task, in MiB. */
const TASK_MIB = 1_024;
/** Address space that its processor gives ffmpeg. */
const FFMPEG_MIB = 960;

const runner = new CorpusRunner({ preset: "ultrafast", memoryMiB: FFMPEG_MIB, timeoutSeconds: 900 });
const measured = new Map<string, Measured | Error>();

beforeAll(async () => {
  await eachOf(CORPUS, { concurrency: 2 }, async (one) => {
    measured.set(one.name, await runner.measureCase(one).catch((error: unknown) => error as Error));
  });
});

afterAll(() => runner.close());

it.each(CORPUS.map((one) => [one.name, one.about, one] as const))("%s: %s", (name, _, one) => {
  const result = measured.get(name);
  if (result === undefined || result instanceof Error) throw result ?? new Error(`${name} was not measured`);
  expect(faultsOf(one, result, TASK_MIB)).toEqual([]);
});

it("finds a wrong result of a case", () => {
  const [one] = CORPUS.filter(({ name }) => name === "webm-live");
  const result = measured.get("webm-live");
  if (one === undefined || result === undefined || result instanceof Error)
    throw new Error("webm-live is missing");
  const longer = { ...one, expected: { outcome: "ready", seconds: [20, 21], soundTracks: 2 } } as const;
  expect(faultsOf(longer, result, TASK_MIB)).toEqual([
    expect.stringMatching(/^length is (7\.9|8)/),
    "sound tracks is 1, not from 2 to 2",
  ]);
  expect(faultsOf(one, result, 64)).toEqual([expect.stringMatching(/MiB$/)]);
});

it("finds thumbnails that stand at the wrong cues", async () => {
  const [one] = CORPUS.filter(({ name }) => name === "fragmented-mp4");
  if (one === undefined) throw new Error("fragmented-mp4 is missing");
  const stream = await runner.streamOf(one);
  expect(inspectStream(stream).wrongThumbnails).toBe(0);
  const file = join(stream, "sprite.vtt");
  const cues = readFileSync(file, "utf8");
  const [first = "", ...later] = cues.match(/#xywh=[\d,]+/g) ?? [];
  const moved = [...later, first];
  writeFileSync(
    file,
    cues.replace(/#xywh=[\d,]+/g, () => moved.shift() ?? ""),
  );
  expect(inspectStream(stream).wrongThumbnails).toBeGreaterThan(0);
});
