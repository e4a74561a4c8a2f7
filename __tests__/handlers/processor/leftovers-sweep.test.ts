import type { ProcessingRequest, StoredSource } from "../../../handlers/media/ports";
import { LeftoversSweep } from "../../../handlers/processor/leftovers-sweep";
import type { Leftover } from "../../../handlers/processor/ports";
import { FakeLog } from "./fakes";

const source: StoredSource = { sizeBytes: 7, version: "v", etag: "e" };
const left = (kind: Leftover["kind"], id = "id"): Leftover => ({ id, kind, sequencer: "00A" });

/** One sweep of these media; returns what it did. */
async function swept(
  found: readonly Leftover[],
  { stored, failing }: { stored?: StoredSource; failing?: string } = {},
) {
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
      take: () => Promise.resolve(found),
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
  await sweep.stop();
  return { calls, requests, stranded };
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
  const found = [left("removing", "one"), left("removing", "other")];
  const { calls, stranded } = await swept(found, { failing: "remove one" });
  expect(calls).toEqual(["remove other", "forget other"]);
  expect(stranded).toEqual([1]);
});
