import { stopAll } from "../../../cli/start/stops";
import type { Lambda } from "./lambda";
import { ApiPlatform, type Reply, uploads } from "./api-platform";

const creator = "5f0c9a3e-0000-4000-8000-0000000c4ea7";
const video = { title: "V", visibility: "public", contentType: "video/mp4", sizeBytes: 3 };
/** Repetitions of each race: which request comes first is different each time. */
const TURNS = 20;

/** Processes of the function: each of them has one connection to PostgreSQL, so one alone would run no statements at once. */
let platform: ApiPlatform;
const functions: Lambda[] = [];
let before: number;
beforeAll(async () => {
  platform = await ApiPlatform.start();
  for (let count = 0; count < 5; count++) functions.push(platform.startAnother({}));
  before = await platform.uploadsUnderWay();
});
afterAll(async () => {
  await stopAll([...functions.map((one) => () => one.stop()), () => platform.stop()]);
});

/** What each process has logged before a test. */
let logged: string[];
const logs = () => [platform.media, ...functions].map((one) => one.output());
beforeEach(() => {
  logged = logs();
});
afterEach(() => {
  const added = logs().map((output, index) => output.slice(logged[index]?.length ?? 0));
  expect(added.join("")).not.toContain('"level":"ERROR"');
});

interface Prepared {
  readonly id: string;
  /** URL of the only part. */
  readonly url: string;
  readonly parts: readonly { partNumber: number; etag: string }[];
}

const putPart = (url: string) => fetch(url, { method: "PUT", body: "abc" });

/** A registered media whose only part has arrived. */
async function prepared(): Promise<Prepared> {
  const { status, body } = await platform.call("POST /media", { caller: creator, body: video });
  expect(status).toBe(201);
  const { media, upload } = body as { media: { id: string }; upload: { parts: { url: string }[] } };
  const url = upload.parts[0]?.url ?? "";
  const answer = await putPart(url);
  expect(answer.status).toBe(200);
  return { id: media.id, url, parts: [{ partNumber: 1, etag: answer.headers.get("etag") ?? "" }] };
}

/** Sends the requests at once, each to another process; returns their statuses. */
async function atOnce(...requests: ((media: Lambda) => Promise<Reply>)[]): Promise<number[]> {
  const running = requests.map((request, index) => request(functions[index % functions.length]!));
  return (await Promise.all(running)).map(({ status }) => status);
}

const complete =
  ({ id, parts }: Prepared) =>
  (media: Lambda) =>
    platform.call(`POST /media/${id}/upload/complete`, { caller: creator, body: { parts } }, media);
const abort =
  ({ id }: Prepared) =>
  (media: Lambda) =>
    platform.call(`POST /media/${id}/upload/abort`, { caller: creator }, media);
const remove =
  ({ id }: Prepared) =>
  (media: Lambda) =>
    platform.call(`DELETE /media/${id}`, { caller: creator }, media);

/** What is left of a media: its status in PostgreSQL, and whether its source is in S3. */
async function left({ id }: Prepared): Promise<{ status: unknown; source: boolean }> {
  const row = await platform.row(id);
  const objects = await platform.keys(uploads, `uploads/${id}/`);
  return { status: row?.status, source: objects.length > 0 };
}

/** Runs a race many times; expects that no upload is left in S3, and that a late part has no effect. */
async function race(run: (media: Prepared, turn: number) => Promise<void>): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    const media = await prepared();
    await run(media, turn);
    expect(await platform.uploadsUnderWay()).toBe(before);
    const end = await left(media);
    expect((await putPart(media.url)).status).toBe(404);
    expect(await left(media)).toEqual(end);
    expect(await platform.uploadsUnderWay()).toBe(before);
  }
}

/** Pairs begin in both orders. */
const ordered = <Item>(turn: number, pair: readonly [Item, Item]): Item[] =>
  turn % 2 === 0 ? [...pair] : [...pair].reverse();

it("five completions at once all succeed, and the source is stored once", () =>
  race(async (media) => {
    expect(await atOnce(...Array.from({ length: 5 }, () => complete(media)))).toEqual([
      200, 200, 200, 200, 200,
    ]);
    expect(await left(media)).toEqual({ status: "uploaded", source: true });
    const { Versions = [] } = await platform.s3.listObjectVersions({
      Bucket: uploads,
      Prefix: `uploads/${media.id}/`,
    });
    expect(Versions).toHaveLength(1);
  }));

it("of a completion and an abort at once, one succeeds, and the media is as it says", () =>
  race(async (media, turn) => {
    const pair = ordered(turn, [complete(media), abort(media)]);
    const [completed, aborted] = ordered(turn, (await atOnce(...pair)) as [number, number]);
    expect([
      [200, 409],
      [409, 200],
    ]).toContainEqual([completed, aborted]);
    expect(await left(media)).toEqual(
      completed === 200 ? { status: "uploaded", source: true } : { status: "failed", source: false },
    );
  }));

it("of a completion and a deletion at once, nothing is left", () =>
  race(async (media, turn) => {
    const pair = ordered(turn, [complete(media), remove(media)]);
    const [completed, removed] = ordered(turn, (await atOnce(...pair)) as [number, number]);
    expect(removed).toBe(204);
    expect([200, 404, 409]).toContain(completed);
    expect(await left(media)).toEqual({ status: undefined, source: false });
  }));

it("of three deletions at once, each finds nothing or succeeds, and nothing is left", () =>
  race(async (media) => {
    const statuses = await atOnce(...Array.from({ length: 3 }, () => remove(media)));
    expect(statuses).toContain(204);
    for (const status of statuses) expect([204, 404]).toContain(status);
    expect(await left(media)).toEqual({ status: undefined, source: false });
  }));
