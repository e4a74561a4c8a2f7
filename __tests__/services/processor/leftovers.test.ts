import { failureReason } from "../../../handlers/media/failure-reasons";
import { uploads } from "../../../harness/processing";
import { clip } from "./clips";
import { Platform, streams, until } from "./platform";

let platform: Platform;
beforeAll(async () => {
  platform = await Platform.start();
});
afterAll(() => platform.stop());

/** Changes a media, nine days ago. */
async function changed(id: string, changes: string): Promise<void> {
  await platform.database.query(`UPDATE media SET ${changes} WHERE id = $1`, [id]);
  await platform.database.age(id, 9 * 24);
}

const exists = async (id: string) =>
  (await platform.database.admin().query("SELECT 1 FROM media WHERE id = $1", [id])).rows.length > 0;

it("ends all that nobody works on any more", async () => {
  const video = clip({ size: "640x360", seconds: 1 });
  const [lost, unannounced, hopeless] = [
    await platform.create(video),
    await platform.create(video),
    await platform.create(video),
  ];
  const [gone, expired, abandoned, removing] = [
    await platform.register(),
    await platform.register(),
    await platform.register(),
    await platform.create(video),
  ];
  await platform.s3.putObject({
    Bucket: streams,
    Key: `stream/${removing}/run/master.m3u8`,
    Body: "#EXTM3U",
  });
  // Their messages are lost.
  await until("the messages have arrived", async () => (await platform.waiting()).queue >= 4, {
    details: async () => JSON.stringify(await platform.waiting()),
  });
  await platform.sqs.purgeQueue({ QueueUrl: platform.queueUrl });
  await changed(lost, "status = 'uploaded'");
  await changed(unannounced, "status = 'registered'");
  await changed(hopeless, "status = 'uploaded', message_id = 'swept 4'");
  await changed(gone, "status = 'uploaded'");
  await changed(expired, "status = 'registered'");
  await changed(abandoned, "status = 'processing', leased_until = now()");
  await changed(removing, "status = 'uploaded', removing_since = now()");

  const processor = await platform.processor();
  expect(await platform.untilStatus(lost, "ready")).toMatchObject({ attempts: 1 });
  expect(await platform.untilStatus(unannounced, "ready")).toMatchObject({ attempts: 1 });
  const reasons = [
    [hopeless, failureReason("notStarted", { hours: 30 })],
    [gone, failureReason("gone")],
    [expired, failureReason("expired")],
    [abandoned, failureReason("interrupted")],
  ] as const;
  for (const [id, reason] of reasons) {
    expect(await platform.untilStatus(id, "failed")).toMatchObject({ failure_reason: reason });
  }
  await until("the removal is finished", async () => !(await exists(removing)));
  for (const [Bucket, Prefix] of [
    [streams, `stream/${removing}/`],
    [uploads, `uploads/${removing}/`],
  ] as const) {
    expect((await platform.s3.listObjectsV2({ Bucket, Prefix })).KeyCount).toBe(0);
  }
  expect(processor.output()).not.toContain("could not be ended");

  // A message of the given up one that arrives nevertheless still processes it.
  const { VersionId = "" } = await platform.s3.headObject({
    Bucket: uploads,
    Key: `uploads/${hopeless}/source`,
  });
  await platform.tell(hopeless, VersionId);
  await platform.untilStatus(hopeless, "ready");
  expect(await platform.stopProcessors()).toEqual([]);
});
