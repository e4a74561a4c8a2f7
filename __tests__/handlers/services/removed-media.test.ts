import { S3Client } from "@aws-sdk/client-s3";
import { AwsClient } from "../../../handlers/services/aws-client";
import { Bucket } from "../../../handlers/services/bucket";
import { S3MediaObjects } from "../../../handlers/services/media-objects";
import { ObjectStore } from "../../../handlers/services/object-store";
import { type OnRemoved, removedMediaIn, removedMessage } from "../../../handlers/services/removed-media";
import { type FakeAws, fakeAws } from "../../support/fake-aws";

const ID = "0b9d3c1e-7c3e-4d7b-9a53-0f2a64a1c9de";
const credentials = { accessKeyId: "AKIA", secretAccessKey: "s3cret", sessionToken: undefined };
const region = "us-east-1";

let s3: FakeAws;
/** Keys of the stream that S3 still has, two in a page. */
let keys: string[];
/** Key that S3 does not remove. */
let stuck: string | undefined;
/** What happened, in order. */
let events: string[];

beforeEach(async () => {
  keys = ["1/audio.m4s", "1/master.m3u8", "1/poster.jpg"].map((key) => `stream/${ID}/${key}`);
  [stuck, events] = [undefined, []];
  s3 = await fakeAws((request) => {
    const headers = { "content-type": "application/xml" };
    if (request.startsWith("GET")) {
      const page = keys.slice(0, 2).map((key) => `<Contents><Key>${key}</Key></Contents>`);
      return { headers, body: `<ListBucketResult>${page.join("")}</ListBucketResult>` };
    }
    if (request.startsWith("DELETE")) return { status: 204, body: "" };
    const asked = [...request.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key);
    events.push(`deleted ${asked.length}`);
    keys = keys.filter((key) => !asked.includes(key) || key === stuck);
    const failed = stuck !== undefined && asked.includes(stuck);
    const error = failed ? `<Error><Key>${stuck}</Key><Code>AccessDenied</Code></Error>` : "";
    return { headers, body: `<DeleteResult>${error}</DeleteResult>` };
  });
});
afterEach(() => s3.close());

const remover = {
  "the API": (onRemoved?: OnRemoved) => {
    const client = new AwsClient({
      service: "s3",
      region,
      credentials: () => credentials,
      endpoint: s3.endpoint,
    });
    const [uploads, streams] = [new Bucket(client, "uploads"), new Bucket(client, "streams")];
    return (id: string) => new S3MediaObjects({ uploads, streams, onRemoved }).remove(id);
  },
  "a processor's sweep": (onRemoved?: OnRemoved) => {
    const client = new S3Client({
      region,
      credentials: { accessKeyId: "AKIA", secretAccessKey: "s3cret" },
      endpoint: s3.endpoint,
      forcePathStyle: true,
    });
    const buckets = { uploadsBucket: "uploads", streamsBucket: "streams" };
    return (id: string) => new ObjectStore({ client, ...buckets, onRemoved }).removeMedia(id);
  },
};

describe.each(Object.entries(remover))("%s", (_, by) => {
  const noting: OnRemoved = (id) => Promise.resolve(void events.push(`removed ${id}`));

  test("tells of a removal when the last page of objects is deleted, and not before", async () => {
    await by(noting)(ID);
    expect(events).toEqual(["deleted 2", "deleted 1", `removed ${ID}`]);
  });

  test("does not tell of it while an object is left", async () => {
    stuck = keys[2];
    await expect(by(noting)(ID)).rejects.toThrow(/S3 did not remove .*poster\.jpg: AccessDenied/);
    expect(events).toEqual(["deleted 2", "deleted 1"]);
  });

  test("fails if it can't tell, so that the removal is repeated", async () => {
    await expect(by(() => Promise.reject(new Error("SQS is down")))(ID)).rejects.toThrow("SQS is down");
  });

  test("removes without the setting too", async () => {
    await by(undefined)(ID);
    expect(keys).toEqual([]);
  });
});

test("a message has the id of its media", () => {
  expect(removedMediaIn(removedMessage(ID))).toBe(ID);
  expect(removedMediaIn(removedMessage(ID.toUpperCase()))).toBeUndefined();
});
