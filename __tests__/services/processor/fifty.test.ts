import { clip } from "./clips";
import { Platform, until } from "./platform";

let platform: Platform;
beforeAll(async () => {
  platform = await Platform.start();
});
afterAll(() => platform.stop());

it("makes fifty videos ready with two processors, each exactly once", async () => {
  const body = clip({ size: "160x90", seconds: 1, rate: 10, sound: false });
  const ids: string[] = [];
  for (let count = 0; count < 50; count++) ids.push(await platform.create(body));
  await Promise.all([
    platform.processor({ LEASE_SECONDS: "30" }),
    platform.processor({ LEASE_SECONDS: "30" }),
  ]);
  const ready = (): string[] => platform.told("ready").map(({ mediaId }) => String(mediaId));
  await until("all are ready", () => ready().length >= 50, {
    details: () => platform.output(),
  });
  await platform.untilWaiting({ queue: 0, dead: 0 });
  expect(ready().sort()).toEqual([...ids].sort());
  const { rows } = await platform.database
    .admin()
    .query(
      "SELECT status, attempts, count(*)::int, count(DISTINCT playback_path)::int AS paths FROM media GROUP BY 1, 2",
    );
  expect(rows).toEqual([{ status: "ready", attempts: 1, count: 50, paths: 50 }]);
  expect(Object.values(platform.writes()).filter((count) => count !== 1)).toEqual([]);
  // Both processed some of the videos.
  for (const run of platform.processors) {
    expect(run.lines().filter(({ message }) => message === "ready").length).toBeGreaterThan(5);
  }
  expect(platform.leftovers()).toEqual([]);
});
