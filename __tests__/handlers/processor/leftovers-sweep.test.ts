import type { ProcessingRequest, StoredSource } from "../../../handlers/media/ports";
import { LeftoversSweep } from "../../../handlers/processor/leftovers-sweep";
import type { Leftover } from "../../../handlers/processor/ports";
import { FakeLog } from "./fakes";

const source: StoredSource = { sizeBytes: 7, version: "v", etag: "e" };
const left = (kind: Leftover["kind"], { id = "id", taken = 0 } = {}): Leftover => ({
  id,
  kind,
  sequencer: "00A",
  taken,
});

interface World {
  /** What each look at the database finds. */
  readonly found: () => readonly Leftover[];
  readonly stored?: StoredSource | undefined;
  readonly failing?: string | undefined;
}

/** A sweep that has begun, and what it does. */
function sweeping({ found, stored, failing }: World) {
  const calls: string[] = [];
  const requests: ProcessingRequest[] = [];
  const note =
    (name: string) =>
    (id: string, ...more: string[]): Promise<void> => {
      if (failing === `${name} ${id}`) return Promise.reject(new Error("S3 denies it"));
      return Promise.resolve(void calls.push([name, id, ...more].join(" ")));
    };
  const stranded: number[] = [];
  const sweep = new LeftoversSweep({
    leftovers: {
      take: () => new Promise((resolve) => resolve(found())),
      uploaded: note("uploaded"),
      fail: async (id, reason) => {
        await note("fail")(id, reason);
        return true;
      },
      forget: note("forget"),
    },
    objects: { source: () => Promise.resolve(stored), removeMedia: note("remove") },
    queue: { send: (request) => Promise.resolve(void requests.push(request)) },
    changes: { changed: note("changed") },
    measureStranded: (count) => stranded.push(count),
    log: new FakeLog(),
  });
  return { sweep, calls, requests, stranded };
}

/** One sweep of these media; returns what it did. */
async function swept(found: readonly Leftover[], more: Omit<World, "found"> = {}) {
  const { sweep, ...did } = sweeping({ ...more, found: () => found });
  await sweep.stop();
  return did;
}

it("finishes a removal: first the objects, the row last", async () => {
  const { calls, stranded } = await swept([left("removing")]);
  expect(calls).toEqual(["remove id", "forget id"]);
  expect(stranded).toEqual([0]);
});

it("sends the message of an upload again, and counts it", async () => {
  const { calls, requests, stranded } = await swept([left("uploaded")], { stored: source });
  expect(requests).toEqual([{ id: "id", source, sequencer: "00A" }]);
  expect(calls).toEqual(["changed id"]);
  expect(stranded).toEqual([1]);
});

it("gives up an upload after four messages, counts it, and says how long it waited", async () => {
  const last = await swept([left("uploaded", { taken: 3 })], { stored: source });
  expect([last.requests.length, last.stranded]).toEqual([1, [1]]);
  const { calls, requests, stranded } = await swept([left("uploaded", { taken: 4 })], { stored: source });
  const reason =
    "Processing did not start within 30 hours. Try again; you don't need to upload the file again.";
  expect(calls).toEqual([`fail id ${reason}`, "changed id"]);
  expect([requests, stranded]).toEqual([[], [1]]);
});

describe("over time", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("looks again every five minutes, also after a failure, until it is stopped", async () => {
    let looks = 0;
    const found = () => {
      looks++;
      if (looks === 2) throw new Error("the database does not answer");
      return [left("removing", { id: `${looks}` })];
    };
    const { sweep, calls } = sweeping({ found });
    await jest.advanceTimersByTimeAsync(299_999);
    expect([looks, calls]).toEqual([1, ["remove 1", "forget 1"]]);
    await jest.advanceTimersByTimeAsync(1);
    expect(looks).toBe(2);
    await jest.advanceTimersByTimeAsync(300_000);
    expect(calls.slice(2)).toEqual(["remove 3", "forget 3"]);
    await sweep.stop();
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(looks).toBe(3);
  });
});

it("completes an upload that has arrived although nobody said so", async () => {
  const { calls, requests } = await swept([left("registered")], { stored: source });
  expect(calls).toEqual(["uploaded id", "changed id"]);
  expect(requests).toHaveLength(1);
});

it.each([
  ["registered", "The upload was not completed within 7 days."],
  ["uploaded", "The uploaded file no longer exists."],
] as const)("fails a media that is %s without a source", async (kind, reason) => {
  const { calls, requests, stranded } = await swept([left(kind)]);
  expect(calls).toEqual([`fail id ${reason}`, "changed id"]);
  expect([requests, stranded]).toEqual([[], [0]]);
});

it("counts what it could not end, and ends the others", async () => {
  const found = [left("removing", { id: "one" }), left("removing", { id: "other" })];
  const { calls, stranded } = await swept(found, { failing: "remove one" });
  expect(calls).toEqual(["remove other", "forget other"]);
  expect(stranded).toEqual([1]);
});
