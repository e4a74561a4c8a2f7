import { createServer } from "node:http";
import { listen, type Front } from "../../../packages/embedded-aws/servers/tls-front";
import { clip, ffmpegBytes, noise } from "./clips";
import { Platform } from "./platform";

let platform: Platform;
let elsewhere: Front;
let asked = 0;

beforeAll(async () => {
  platform = await Platform.start();
  const server = createServer((_, answer) => answer.end(`${++asked}`));
  elsewhere = await listen(server);
  await platform.processor();
});
afterAll(async () => {
  await elsewhere.stop();
  await platform.stop();
});

const video = (more: readonly string[] = []): Buffer => clip({ size: "320x180", seconds: 4, more });
const url = (): string => `http://127.0.0.1:${elsewhere.port}/secret.ts`;
const cut = (buffer: Buffer, share: number): Buffer => buffer.subarray(0, Math.floor(buffer.length * share));

const kinds: [string, () => Buffer, RegExp][] = [
  ["nothing", () => Buffer.alloc(0), /is empty/],
  ["noise", () => noise(100_000), /format is not supported/],
  ["zeros", () => Buffer.alloc(100_000), /format is not supported/],
  ["a text", () => Buffer.from("dear diary\n".repeat(1_000)), /a text/],
  ["an archive", () => Buffer.concat([Buffer.from("PK\x03\x04"), noise(1_000)]), /archive/],
  [
    "a picture",
    () => ffmpegBytes("png", "-f", "lavfi", "-i", "testsrc=size=64x64", "-frames:v", "1"),
    /is a picture/,
  ],
  ["sound", () => ffmpegBytes("m4a", "-f", "lavfi", "-i", "sine=duration=1"), /contains only sound/],
  ["a playlist", () => Buffer.from(`#EXTM3U\n#EXTINF:1,\n${url()}\n#EXT-X-ENDLIST\n`), /playlist/],
  [
    "a playlist of a million",
    () => Buffer.from(`#EXTM3U\n${`#EXTINF:1,\n${url()}\n`.repeat(100_000)}`),
    /playlist/,
  ],
  ["a list of files", () => Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n"), /playlist/],
  [
    "a manifest",
    () => Buffer.from(`<?xml version="1.0"?>\n<MPD><BaseURL>${url()}</BaseURL></MPD>`),
    /playlist/,
  ],
  // With a binary end, it is not taken for text; ffmpeg reads it as a playlist.
  [
    "a disguised playlist",
    () => Buffer.from(`\n#EXTM3U\n#EXTINF:1,\n${url()}\n\x00\x01`),
    /playlist|not supported/,
  ],
  ["an MP4 without its end, where its index is", () => cut(video(), 0.6), /incomplete/],
];

it.each(kinds)("fails with a reason, and without a dead letter: %s", async (_, make, reason) => {
  const { dead } = await platform.waiting();
  const id = await platform.create(make());
  const row = await platform.untilStatus(id, "failed");
  expect(row.failure_reason).toMatch(reason);
  expect(row.failure_reason).toMatch(/^[A-Z].*\.$/);
  await platform.untilWaiting({ queue: 0, dead });
  expect((await platform.row(id)).attempts).toBe(1);
  expect(await platform.progress(id)).toMatchObject({ status: "failed", reason: row.failure_reason });
  expect(platform.leftovers()).toEqual([]);
  expect(platform.writes()).toEqual({});
  expect(asked).toBe(0);
});

it("fails a video that needs more memory than its task has, and continues", async () => {
  await platform.stopProcessors();
  await platform.processor({ MEMORY_MIB: "512" });
  const large = await platform.create(clip({ size: "1920x1080", seconds: 1 }));
  const small = await platform.create(video());
  expect(await platform.untilStatus(large, "failed")).toMatchObject({
    failure_reason: expect.stringMatching(/needs more than the 448 MiB of memory/),
    attempts: 1,
  });
  await platform.untilStatus(small, "ready");
  await platform.untilWaiting({ queue: 0, dead: 0 });
});

it("fails a media whose last receive fails for a transient reason, and processes it after a redrive", async () => {
  await platform.stopProcessors();
  const { Attributes } = await platform.sqs.getQueueAttributes({
    QueueUrl: platform.deadLettersUrl,
    AttributeNames: ["QueueArn"],
  });
  const redrive = (maxReceiveCount: number) =>
    platform.sqs.setQueueAttributes({
      QueueUrl: platform.queueUrl,
      Attributes: {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount }),
      },
    });
  await redrive(1);
  try {
    await platform.processor({ MAX_RECEIVES: "1", PATH: "/nowhere" });
    const id = await platform.create(video());
    expect(await platform.untilStatus(id, "failed")).toMatchObject({
      failure_reason: expect.stringMatching(/^Processing failed several times\./),
      attempts: 1,
    });
    await platform.untilWaiting({ queue: 0, dead: 1 });
    const { Messages = [] } = await platform.sqs.receiveMessage({ QueueUrl: platform.deadLettersUrl });
    await platform.stopProcessors();
    await platform.processor({ MAX_RECEIVES: "1" });
    await platform.send(Messages[0]?.Body ?? "");
    expect(await platform.untilStatus(id, "ready")).toMatchObject({ attempts: 2, failure_reason: null });
  } finally {
    await redrive(3);
    await platform.stopProcessors();
    await platform.processor();
  }
});

it.each(["no JSON", "[]", "null", '{"Records": 5}', '{"Records":[{"eventName":"ObjectCreated:Put"}]}'])(
  "leaves a message that can't be S3's to the dead letters, or drops it: %s",
  async (body) => {
    const { dead } = await platform.waiting();
    await platform.send(body);
    await platform.untilWaiting({ queue: 0, dead: dead + (body.includes("eventName") ? 0 : 1) });
  },
);

it("drops messages of objects that are no sources, and of media that are no more", async () => {
  const { dead } = await platform.waiting();
  const Bucket = "uploads-test";
  await platform.s3.putObject({ Bucket, Key: "uploads/other", Body: "x" });
  await platform.s3.putObject({ Bucket, Key: `uploads/${crypto.randomUUID()}/source`, Body: "x" });
  await platform.untilWaiting({ queue: 0, dead });
});

it("fails a media whose source was deleted", async () => {
  const { dead } = await platform.waiting();
  const id = await platform.register();
  const { VersionId = "" } = await platform.s3.putObject({ Bucket: "uploads-test", Key: "other", Body: "x" });
  await platform.tell(id, VersionId);
  expect((await platform.untilStatus(id, "failed")).failure_reason).toMatch(/no longer exists/);
  await platform.untilWaiting({ queue: 0, dead });
});
