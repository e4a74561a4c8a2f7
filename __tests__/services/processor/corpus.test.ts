import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CORPUS } from "../../../cli/corpus/cases";
import { faultsOf } from "../../../cli/corpus/faults";
import { inspectStream } from "../../../cli/corpus/inspect-stream";
import { capacityOf } from "../../../handlers/processor/capacity";
import { CorpusRunner, type Measured } from "../../../cli/corpus/measure-file";

/** Memory of the smallest task, in MiB. */
const TASK_MIB = 1_024;
/** The task of prod, which processes two videos at a time. */
const LARGE_TASK = { processors: 4, memoryMiB: 8_192 };
/** Address space that its processor gives ffmpeg. */
const FFMPEG_MIB = 960;

const runner = new CorpusRunner({ preset: "ultrafast", memoryMiB: FFMPEG_MIB, timeoutSeconds: 900 });
/** Cases that are measured at a time. */
const CONCURRENCY = 2;
const measured = new Map<string, Promise<Measured>>();

beforeAll(() => {
  // Each test waits for its own case only, so that no deadline is for all of them.
  const lanes: Promise<unknown>[] = Array.from({ length: CONCURRENCY }, () => Promise.resolve());
  CORPUS.forEach((one, index) => {
    const lane = index % CONCURRENCY;
    const result = (lanes[lane] ?? Promise.resolve()).then(() => runner.measureCase(one));
    lanes[lane] = result.catch(() => undefined);
    measured.set(one.name, result);
  });
});

afterAll(() => runner.close());

/** The measured result of a case. */
async function resultOf(name: string): Promise<Measured> {
  const result = await measured.get(name);
  if (result === undefined) throw new Error(`${name} was not measured`);
  return result;
}

it.each(CORPUS.map((one) => [one.name, one.about, one] as const))("%s: %s", async (name, _, one) => {
  expect(faultsOf(one, await resultOf(name), TASK_MIB)).toEqual([]);
});

it("finds a wrong result of a case", async () => {
  const [one] = CORPUS.filter(({ name }) => name === "webm-live");
  if (one === undefined) throw new Error("webm-live is missing");
  const result = await resultOf("webm-live");
  const longer = { ...one, expected: { outcome: "ready", seconds: [20, 21], soundTracks: 2 } } as const;
  expect(faultsOf(longer, result, TASK_MIB)).toEqual([
    expect.stringMatching(/^length is (7\.9|8)/),
    "sound tracks is 1, not from 2 to 2",
  ]);
  expect(faultsOf(one, result, 64)).toEqual([expect.stringMatching(/MiB$/)]);
});

it("two at a time stay within a task for two, those that take the most memory", async () => {
  const { concurrency, memoryMiB } = capacityOf({ ...LARGE_TASK, concurrency: undefined });
  expect(concurrency).toBe(2);
  const all = await Promise.all(CORPUS.map(async (one) => ({ one, ...(await resultOf(one.name)) })));
  const hungriest = all.sort((one, other) => other.effort.peakMemoryMiB - one.effort.peakMemoryMiB);
  const large = new CorpusRunner({ preset: "ultrafast", memoryMiB, timeoutSeconds: 900 });
  try {
    const pair = await Promise.all(hungriest.slice(0, concurrency).map(({ one }) => large.measureCase(one)));
    const peak = pair.reduce((sum, { effort }) => sum + effort.peakMemoryMiB, 0);
    expect(peak).toBeLessThan(0.6 * LARGE_TASK.memoryMiB);
  } finally {
    large.close();
  }
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
