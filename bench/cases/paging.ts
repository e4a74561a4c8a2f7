import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench, Benchmark, Measured } from "../case";
import { type ListQuery, type ManyMedia, OWNER, ROWS, startManyMedia } from "../paging/many-media";
import { median } from "../statistics";
import { type Take, takeTurns } from "../turns";

/** Pages read per turn and kind; the median counts. */
const READS = 300;
const LIMIT = 20;

/** Lists: all public media, and those of a creator in a rare status. */
const LISTS = { all: {}, failed: { owner: OWNER, status: "failed" } } as const;
type List = keyof typeof LISTS;
const names = Object.keys(LISTS) as List[];

/** Pages of a long list. */
export const benchmark: Benchmark = {
  name: "paging",
  about: `pages of ${LIMIT} of ${ROWS / 1_000_000} million media: late pages compared with the first`,
  comparisons: names.flatMap((list) =>
    (["middle", "last"] as const).map((place) => ({
      of: `${place} of ${list}`,
      than: `first of ${list}`,
      figure: "page",
      unit: "ms",
      goal: { atMost: 1.2 },
    })),
  ),
  measure,
};

async function measure(bench: Bench): Promise<Measured> {
  bench.tell(`inserting ${ROWS} media`);
  const media = await startManyMedia();
  try {
    const queries: Queries = {};
    for (const list of names) Object.assign(queries, await queriesOf(media, list));
    await tellPlans(bench, media, queries);
    return await takeTurns(bench, takesOf(media, queries));
  } finally {
    await media.stop();
  }
}

type Queries = Record<string, ListQuery>;

async function queriesOf(media: ManyMedia, list: List): Promise<Queries> {
  const first: ListQuery = { ...LISTS[list], limit: LIMIT };
  const { middle, last } = await media.places(first.status, LIMIT);
  return {
    [`first of ${list}`]: first,
    [`middle of ${list}`]: { ...first, after: middle },
    [`last of ${list}`]: { ...first, after: last },
  };
}

async function tellPlans(bench: Bench, media: ManyMedia, queries: Queries): Promise<void> {
  const plans: Record<string, string[]> = {};
  for (const [name, query] of Object.entries(queries)) {
    plans[name] = await media.plan(query);
    bench.tell(`EXPLAIN (ANALYZE, BUFFERS), ${name}:\n${plans[name].join("\n")}`);
  }
  writeFileSync(join(bench.folder, "plans.json"), JSON.stringify(plans, null, 2));
}

function takesOf(media: ManyMedia, queries: Queries): Record<string, Take> {
  const take =
    (query: ListQuery): Take =>
    async () => {
      const times: number[] = [];
      for (let count = 0; count < READS; count++) times.push(await media.read(query));
      return { page: median(times) };
    };
  return Object.fromEntries(Object.entries(queries).map(([name, query]) => [name, take(query)]));
}
