import { readMessage, runOf } from "../../../handlers/processor/message";

const id = "3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a01";
const object = { key: `uploads/${id}/source`, size: 5, eTag: "e", versionId: "v", sequencer: "0a1" };
const record = {
  eventName: "ObjectCreated:CompleteMultipartUpload",
  s3: { bucket: { name: "uploads" }, object },
};
const read = (...Records: unknown[]) =>
  readMessage(JSON.stringify({ Records }), { uploadsBucket: "uploads" });
const withObject = (more: object) => ({ ...record, s3: { ...record.s3, object: { ...object, ...more } } });

it("finds the version of a source that has arrived", () => {
  const source = {
    id,
    bucket: "uploads",
    key: object.key,
    version: "v",
    versioned: true,
    etag: "e",
    sequencer: "0A1".padEnd(64, "0"),
  };
  expect(read(record)).toEqual({ sources: [source], dropped: [] });
});

it("reads the time of the upload, where the event has a valid one", () => {
  const arrived = (eventTime: unknown) => read({ ...record, eventTime }).sources[0]?.arrived;
  expect(arrived("2026-11-24T08:00:00.250Z")).toBe(Date.UTC(2026, 10, 24, 8, 0, 0, 250));
  expect(arrived("yesterday")).toBeUndefined();
  expect(arrived(7)).toBeUndefined();
});

it("uses the ETag as the version in a bucket without versioning", () => {
  expect(read(withObject({ versionId: undefined })).sources).toMatchObject([
    { version: "e", versioned: false },
  ]);
});

it("decodes the key as S3 encodes it", () => {
  expect(read(withObject({ key: object.key.replaceAll("/", "%2F") })).sources).toMatchObject([
    { key: object.key },
  ]);
});

it("orders sequencers of different lengths by the rule of S3", () => {
  const [short, long] = ["0A", "0A01"].map(
    (sequencer) => read(withObject({ sequencer })).sources[0]?.sequencer ?? "",
  );
  expect((short ?? "") < (long ?? "")).toBe(true);
  expect(short).toHaveLength(64);
});

it.each([
  ["another key", withObject({ key: "uploads/x/source" })],
  ["a key below the source", withObject({ key: `${object.key}/x` })],
  ["a key that can't be decoded", withObject({ key: "%E0%A4%A" })],
  ["an upper-case id, which no media has", withObject({ key: object.key.toUpperCase() })],
  ["another bucket", { ...record, s3: { ...record.s3, bucket: { name: "other" } } }],
  ["another event", { ...record, eventName: "ObjectRemoved:Delete" }],
  ["nothing at all", null],
])("drops %s, and names it", (_, entry) => {
  expect(read(entry)).toEqual({ sources: [], dropped: [expect.stringMatching(/\w/)] });
});

it("drops the test that S3 sends when the notification is made", () => {
  expect(readMessage('{"Event":"s3:TestEvent"}', { uploadsBucket: "uploads" }).sources).toEqual([]);
});

it.each(["", "no JSON", "null", "[]", "5", '{"Records":{}}'])(
  "fails for a message that is not an S3 event: %p",
  (body) => {
    expect(() => readMessage(body, { uploadsBucket: "uploads" })).toThrow("not an S3 event");
  },
);

it("writes a version always to the same folder, and two versions to two", () => {
  expect(runOf({ version: "v" })).toBe(runOf({ version: "v" }));
  expect(runOf({ version: "v" })).not.toBe(runOf({ version: "w" }));
  expect(runOf({ version: "../../x" })).toMatch(/^[0-9a-f]{16}$/);
});
