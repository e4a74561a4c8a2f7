import fc from "fast-check";
import { eachOf } from "../../../../packages/cli-kit/concurrency";
import { joined } from "../../../../cli/backup-restore/objects/join-by-key";
import { keptOf, sourceOf } from "../../../../cli/backup-restore/objects/object-metadata";
import { type Head, sameByHead } from "../../../../cli/backup-restore/objects/object-equality";
import { RestoreReport } from "../../../../cli/backup-restore/objects/restore-report";

const head = (more: Partial<Head>): Head => ({ $metadata: {}, ContentLength: 5, ETag: '"a"', ...more });

test.each<[string, Partial<Head>, Partial<Head>, ReturnType<typeof sameByHead>]>([
  ["equal ETags", {}, {}, { same: true, proof: "ETag" }],
  ["different ETags of whole objects", {}, { ETag: '"b"' }, { same: false, proof: "ETag" }],
  ["equal ETags of objects in parts", { ETag: '"a-2"' }, { ETag: '"a-2"' }, { same: true, proof: "ETag" }],
  ["different ETags of objects in parts", { ETag: '"a-2"' }, { ETag: '"b-2"' }, undefined],
  ["an ETag with parts and one without", { ETag: '"a-2"' }, {}, undefined],
  ["equal ETags that a KMS key made", { ServerSideEncryption: "aws:kms" }, {}, undefined],
  ["another length", {}, { ContentLength: 6 }, { same: false, proof: "checksum" }],
  [
    "a checksum of the whole object that both have",
    { ETag: '"a-2"', ChecksumCRC64NVME: "x" },
    { ETag: '"b-3"', ChecksumCRC64NVME: "x" },
    { same: true, proof: "checksum" },
  ],
  [
    "different checksums of the whole object",
    { ETag: '"a-2"', ChecksumSHA256: "x" },
    { ETag: '"b-3"', ChecksumSHA256: "y" },
    { same: false, proof: "checksum" },
  ],
  [
    "checksums of different kinds",
    { ETag: '"a-2"', ChecksumSHA256: "x" },
    { ETag: '"b-3"', ChecksumCRC32: "y" },
    undefined,
  ],
  [
    "a checksum of the parts' checksums",
    { ETag: '"a-2"', ChecksumCRC32: "x", ChecksumType: "COMPOSITE" },
    { ETag: '"b-3"', ChecksumCRC32: "y", ChecksumType: "COMPOSITE" },
    undefined,
  ],
])("of two objects, %s", (_, one, other, told) => expect(sameByHead(head(one), head(other))).toEqual(told));

test("what readers see is copied, in a fixed order, and only the requested fields change", () => {
  const one = head({ ContentType: "video/mp4", Metadata: { b: "1", a: "2", "stored-at": "t" } });
  const kept = keptOf(one, { metadata: { "stored-at": undefined }, storageClass: "STANDARD_IA" });
  expect(JSON.stringify(kept)).toBe(
    '{"ContentType":"video/mp4","Metadata":{"a":"2","b":"1"},"StorageClass":"STANDARD_IA"}',
  );
});

test("a copy's source is written as S3 reads it", () => {
  expect(sourceOf({ bucket: "b", key: "a b/ü+%", versionId: "v/1" })).toBe(
    "b/a%20b/%C3%BC%2B%25?versionId=v%2F1",
  );
});

async function* listOf(keys: readonly string[]): AsyncGenerator<{ key: string }> {
  for (const key of keys) yield await Promise.resolve({ key });
}

test("two lists are joined by key, in S3's order", async () => {
  const keys = fc.uniqueArray(fc.string({ unit: "grapheme", maxLength: 3 }), { maxLength: 20 });
  const inOrder = (list: readonly string[]) =>
    [...list].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  await fc.assert(
    fc.asyncProperty(keys, keys, async (left, right) => {
      const found = [];
      for await (const each of joined(listOf(inOrder(left)), listOf(inOrder(right)))) found.push(each);
      expect(found.map(({ key }) => key)).toEqual(inOrder([...new Set([...left, ...right])]));
      for (const { key, one, other } of found) {
        expect([one?.key, other?.key]).toEqual([
          left.includes(key) ? key : undefined,
          right.includes(key) ? key : undefined,
        ]);
      }
    }),
  );
});

describe("many at once", () => {
  test("are never more than allowed, and are all done", async () => {
    let [now, most] = [0, 0];
    const done: number[] = [];
    await eachOf(Array(50).keys(), { concurrency: 4 }, async (item) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      done.push(item);
    });
    expect(most).toBe(4);
    expect(done.sort((one, other) => one - other)).toEqual([...Array(50).keys()]);
  });

  test("stop at the first failure or the signal, and start no more tasks", async () => {
    const begun: number[] = [];
    const failing = eachOf(Array(50).keys(), { concurrency: 2 }, (item) => {
      begun.push(item);
      return item === 5 ? Promise.reject(new Error("five")) : Promise.resolve();
    });
    await expect(failing).rejects.toThrow("five");
    expect(begun.length).toBeLessThan(10);
    const stop = new AbortController();
    let count = 0;
    await eachOf(Array(50).keys(), { concurrency: 2, signal: stop.signal }, () => {
      if (++count === 5) stop.abort();
      return Promise.resolve();
    });
    expect(count).toBeLessThan(10);
  });
});

test("a report lists lost, unknown and failed keys, at most ten of each", () => {
  const report = new RestoreReport();
  report.lost.push(...Array.from({ length: 12 }, (_, index) => `lost/${index}`));
  report.failed.push({ key: "bad", why: "AccessDenied" });
  const text = report.lines({ dryRun: false, exact: false }).join("\n");
  expect(text).toContain("12 lost: ");
  expect(text).toContain("lost/9\n  and 2 more");
  expect(text).toContain("bad: AccessDenied");
  expect(report.whole).toBe(false);
});
