import type { Leftover } from "../../../handlers/processor/ports";
import type { Database } from "../../../handlers/services/database";
import { PostgresLeftovers } from "../../../handlers/services/leftovers";
import { PostgresMediaRegistry } from "../../../handlers/services/media-registry";
import { startDatabase, type TestDatabase } from "./servers";

const AGES = { removingSeconds: 900, uploadedSeconds: 21_600, registeredSeconds: 691_200, limit: 20 };

let server: TestDatabase;
let leftovers: PostgresLeftovers;

beforeAll(async () => {
  server = await startDatabase({ migrated: true });
  leftovers = new PostgresLeftovers({ write: server.query });
});
afterAll(() => server.stop());
beforeEach(() => server.admin().query("TRUNCATE media"));

/** Adds a media whose times are some hours ago; returns its id. */
async function add(
  status: string,
  { hours, removingHours, leaseHours }: { hours: number; removingHours?: number; leaseHours?: number },
): Promise<string> {
  const { rows } = await server.admin().query<{ id: string }>(
    `INSERT INTO media (title, content_type, size_bytes, status, created_at, updated_at, removing_since, leased_until)
     VALUES ('V', 'video/mp4', 1, $1, now() - make_interval(hours => $2), now() - make_interval(hours => $2),
       now() - make_interval(hours => $3), now() + make_interval(hours => $4)) RETURNING id`,
    [status, hours, removingHours ?? null, leaseHours ?? null],
  );
  return rows[0]?.id ?? "";
}

it.each([
  ["registered", { hours: 193 }, "registered"],
  ["registered", { hours: 191 }, undefined],
  ["uploaded", { hours: 7 }, "uploaded"],
  ["uploaded", { hours: 5 }, undefined],
  ["processing", { hours: 500 }, undefined],
  ["ready", { hours: 500 }, undefined],
  ["failed", { hours: 500 }, undefined],
  ["ready", { hours: 500, removingHours: 1 }, "removing"],
  ["ready", { hours: 500, removingHours: 0 }, undefined],
  ["processing", { hours: 500, removingHours: 1, leaseHours: 1 }, undefined],
  ["processing", { hours: 500, removingHours: 1, leaseHours: -1 }, "removing"],
  ["registered", { hours: 193, removingHours: 1 }, "removing"],
] as const)("of a media that is %s since %j takes %s", async (status, age, kind) => {
  const id = await add(status, age);
  const expected = kind === undefined ? [] : [{ id, kind, sequencer: "", taken: 0 }];
  expect(await leftovers.take(AGES)).toEqual(expected);
  // Others do not get it for a while.
  expect(await leftovers.take(AGES)).toEqual([]);
});

it("counts how often it took an upload, until its creator retries", async () => {
  const id = await add("uploaded", { hours: 7 });
  const taken = async () => {
    await server.age(id, 7);
    return (await leftovers.take(AGES)).map((one) => one.taken);
  };
  expect([await taken(), await taken(), await taken()]).toEqual([[0], [1], [2]]);
  expect(await leftovers.fail(id, "not started")).toBe(true);
  const database = {
    read: server.query,
    write: server.query,
    transaction: () => Promise.reject(new Error("unused")),
  };
  expect(await new PostgresMediaRegistry(database as unknown as Database).retried(id)).toBe("");
  expect(await taken()).toEqual([0]);
});

it("gives each media to one of several processors", async () => {
  for (let count = 0; count < 30; count++) await add("uploaded", { hours: 7 });
  const taken = await Promise.all(Array.from({ length: 4 }, () => leftovers.take({ ...AGES, limit: 10 })));
  const ids = taken.flat().map(({ id }: Leftover) => id);
  expect([ids.length, new Set(ids).size]).toEqual([30, 30]);
});

it("fails only what nobody has begun to process, and deletes only what is being removed", async () => {
  const [registered, processing] = [
    await add("registered", { hours: 1 }),
    await add("processing", { hours: 1 }),
  ];
  expect(await leftovers.fail(registered, "gone")).toBe(true);
  expect(await leftovers.fail(processing, "gone")).toBe(false);
  await leftovers.forget(registered);
  const removing = await add("ready", { hours: 1, removingHours: 1 });
  await leftovers.forget(removing);
  const { rows } = await server.admin().query<{ id: string; status: string }>("SELECT id, status FROM media");
  expect(new Map(rows.map(({ id, status }) => [id, status]))).toEqual(
    new Map([
      [registered, "failed"],
      [processing, "processing"],
    ]),
  );
});
