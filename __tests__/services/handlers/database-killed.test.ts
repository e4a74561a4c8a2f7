import { stopAll } from "../../../cli/start/stops";
import { until } from "../../../packages/cli-kit/wait-until";
import type { Lambda } from "./lambda";
import { ApiPlatform } from "./api-platform";

const creator = "5f0c9a3e-0000-4000-8000-0000000c4ea7";
const video = { title: "V", contentType: "video/mp4", sizeBytes: 3 };
/** Answers of each process before the server is killed, and after it was started again. */
const ANSWERS = 20;

let platform: ApiPlatform;
const functions: Lambda[] = [];
beforeAll(async () => {
  platform = await ApiPlatform.start();
  for (let count = 0; count < 3; count++) functions.push(platform.startAnother({}));
});
afterAll(async () => {
  await stopAll([...functions.map((one) => () => one.stop()), () => platform.stop()]);
});

/** Requests of one process, one after the other, until it is stopped. */
class Writer {
  readonly statuses: number[] = [];
  readonly ids: string[] = [];
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(private readonly media: Lambda) {
    this.running = this.run();
  }

  /** Whether the process has given a number of answers with a status since a position. */
  has(status: number, { count, since }: { readonly count: number; readonly since: number }): boolean {
    return this.statuses.slice(since).filter((other) => other === status).length >= count;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const request = { caller: creator, body: video };
      const { status, body } = await platform.call("POST /media", request, this.media);
      this.statuses.push(status);
      if (status === 201) this.ids.push((body as { media: { id: string } }).media.id);
    }
  }
}

/** Starts PostgreSQL, which refuses to start while a backend of the killed server has not ended. */
function startAgain(): Promise<void> {
  let refusal: unknown;
  const started = () =>
    platform.database.startServer().then(
      () => true,
      (error: unknown) => {
        refusal = error;
        return false;
      },
    );
  return until("PostgreSQL has started again", started, { details: () => String(refusal) });
}

it("keeps each video that it answered with 201 when PostgreSQL is killed, and answers 503 until it is back", async () => {
  const writers = functions.map((media) => new Writer(media));
  const untilEach = (status: number, count: number) => {
    const since = writers.map((writer) => writer.statuses.length);
    return until(
      `each process answers ${status}`,
      () => writers.every((writer, index) => writer.has(status, { count, since: since[index] ?? 0 })),
      { details: () => JSON.stringify(writers.map((writer) => writer.statuses)) },
    );
  };
  try {
    for (let turn = 0; turn < 3; turn++) {
      await untilEach(201, ANSWERS);
      await platform.database.killServer();
      await untilEach(503, 1);
      await startAgain();
    }
    await untilEach(201, ANSWERS);
  } finally {
    await Promise.all(writers.map((writer) => writer.stop()));
  }

  const statuses = new Set(writers.flatMap((writer) => writer.statuses));
  expect([...statuses].sort()).toEqual([201, 503]);
  const ids = writers.flatMap((writer) => writer.ids);
  const { rows } = await platform.database
    .admin()
    .query<{ id: string }>("SELECT id FROM media WHERE id = ANY($1)", [ids]);
  const stored = new Set(rows.map(({ id }) => id));
  expect(ids.filter((id) => !stored.has(id))).toEqual([]);
});
