import fc from "fast-check";
import { type Choice, choose, type Sides } from "../../../../cli/backup-restore/objects/version-selection";
import type { Entry } from "../../../../cli/backup-restore/objects/versions";

/** One change of a key: new content, or a deletion. */
interface Change {
  readonly second: number;
  readonly bytes: string | undefined;
}

const at = (second: number): Date => new Date(second * 1_000);
const NOW = 100;

/** Changes in chronological order; several can share a second. */
const changes = fc
  .array(
    fc.record({
      second: fc.integer({ min: 0, max: NOW }),
      bytes: fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined }),
    }),
    { maxLength: 12 },
  )
  .map((list) => list.sort((one, other) => one.second - other.second));

const entryOf = ({ second, bytes }: Change, index: number): Entry => ({
  versionId: `${index}`,
  modified: at(second),
  marker: bytes === undefined,
  etag: bytes ?? "",
  size: bytes === undefined ? 0 : 1,
});

/** The state after a lifecycle rule: versions replaced before a second are gone. The newest version is first. */
const kept = (stored: readonly Entry[], since: number): Entry[] =>
  stored.filter((_, index) => (stored[index + 1]?.modified.getTime() ?? Infinity) > since * 1_000).reverse();

/** The bucket, and a backup that has every write and no deletion. */
const sidesOf = (list: readonly Change[], since: number): Sides => {
  const stored = list.map(entryOf);
  const copies = stored.filter(({ marker }) => !marker);
  return { bucket: kept(stored, since), backup: kept(copies, since) };
};

/** Expected content at a second, from the list of changes. */
const then = (list: readonly Change[], second: number): string | undefined =>
  list.filter((change) => change.second <= second).at(-1)?.bytes;

/** Content after the selection was applied. */
function after(choice: Choice, [current]: readonly Entry[]): string | undefined {
  if (choice.kind === "copy") return choice.wanted.entry.etag;
  return choice.kind === "same" ? current?.etag : undefined;
}

const seconds = fc.integer({ min: 0, max: NOW });

test("a restore results in the objects of that time, whatever was written and deleted since", () => {
  fc.assert(
    fc.property(changes, seconds, seconds, (list, since, second) => {
      fc.pre(second >= since);
      const sides = sidesOf(list, since);
      const choice = choose(sides, { time: at(second), keptSince: at(since) });
      expect(after(choice, sides.bucket)).toBe(then(list, second));
      // A key without content needs no delete marker.
      if (choice.kind === "later") expect(sides.bucket[0]?.marker).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test("restored once, there is nothing to restore", () => {
  fc.assert(
    fc.property(changes, seconds, (list, second) => {
      const sides = sidesOf(list, 0);
      const choice = choose(sides, { time: at(second), keptSince: at(0) });
      if (choice.kind !== "copy") return;
      const restored = { ...choice.wanted.entry, versionId: "new", modified: at(NOW + 1) };
      const again = choose(
        { ...sides, bucket: [restored, ...sides.bucket] },
        { time: at(second), keptSince: at(0) },
      );
      expect(again).toMatchObject({ kind: "same" });
    }),
    { numRuns: 1_000 },
  );
});

test("an emptied bucket gets all objects of that time from the backup", () => {
  fc.assert(
    fc.property(changes, seconds, (list, second) => {
      const bytes = then(list, second);
      fc.pre(bytes !== undefined);
      const { backup } = sidesOf(list, 0);
      expect(choose({ bucket: [], backup }, { time: at(second), keptSince: at(0) })).toMatchObject({
        kind: "copy",
        wanted: { from: "backup", entry: { etag: bytes } },
      });
    }),
    { numRuns: 1_000 },
  );
});

test("nothing that came after the time is ever brought back", () => {
  fc.assert(
    fc.property(changes, seconds, seconds, (list, since, second) => {
      const choice = choose(sidesOf(list, since), { time: at(second), keptSince: at(since) });
      if (choice.kind === "copy") expect(choice.wanted.entry.modified <= at(second)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

const put = (second: number, bytes: string): Change => ({ second, bytes });
const removed = (second: number): Change => ({ second, bytes: undefined });
const entries = (...list: Change[]): Entry[] => list.map(entryOf).reverse();

test("of versions within one second, the last one is used", () => {
  const kinds = (...list: Change[]) =>
    choose({ bucket: entries(...list), backup: [] }, { time: at(5), keptSince: at(0) });
  expect(kinds(put(5, "a"), removed(5))).toEqual({ kind: "absent" });
  expect(kinds(removed(5), put(5, "a"))).toEqual({ kind: "same" });
  expect(kinds(put(5, "a"), removed(5), put(9, "b"))).toEqual({ kind: "later" });
  expect(kinds(put(5, "a"), put(5, "b"), put(9, "c"))).toMatchObject({ wanted: { entry: { etag: "b" } } });
});

test("an object whose version has expired comes from the backup, or is lost", () => {
  const bucket = entries(removed(50));
  const backup = entries(put(1, "a"));
  expect(choose({ bucket, backup }, { time: at(10), keptSince: at(60) })).toMatchObject({
    kind: "copy",
    wanted: { from: "backup", entry: { etag: "a" } },
  });
  expect(choose({ bucket, backup: [] }, { time: at(10), keptSince: at(60) })).toEqual({ kind: "lost" });
});

test("a delete marker without a version is no loss within the retention of versions", () => {
  expect(choose({ bucket: entries(removed(50)), backup: [] }, { time: at(40), keptSince: at(30) })).toEqual({
    kind: "absent",
  });
});

test("at a time before the oldest known version, the version is unknown", () => {
  expect(choose({ bucket: entries(put(50, "b")), backup: [] }, { time: at(10), keptSince: at(60) })).toEqual({
    kind: "unknown",
  });
});

test("the same bytes stored again can have other headers: a list is not sufficient", () => {
  const bucket = entries(put(1, "a"), put(9, "a"));
  expect(choose({ bucket, backup: [] }, { time: at(5), keptSince: at(0) })).toMatchObject({
    kind: "same",
    like: { from: "bucket", entry: { versionId: "0" } },
  });
});
