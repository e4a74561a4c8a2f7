import type { StateResource } from "../../../packages/terraform/state";
import type { Client } from "pg";
import type { DatabaseDrill, Restored } from "../../../cli/drill/database";
import { databaseResult } from "../../../cli/drill/database-result";
import { report } from "../../../cli/drill/report";
import type { DrillResult } from "../../../cli/drill/result";
import { differing } from "../../../cli/drill/state";
import { type Row, rowsOf, Writer } from "../../../cli/drill/writer";

const row = (id: string, title: string, at: string) => ({ id, title, ms: Date.parse(at) });

/** A server with these rows. */
const client = (rows: object[]) => ({ query: () => Promise.resolve({ rows }) }) as unknown as Client;
const found = (...rows: object[]): Promise<Map<string, Row>> => rowsOf(client(rows));

async function filled(...rows: ReturnType<typeof row>[]): Promise<Writer> {
  const writer = new Writer(client(rows));
  await writer.fill(rows.length);
  return writer;
}

test("a restore with a missing, different or additional row is wrong", async () => {
  const [one, two] = [row("a", "one", "2026-01-01T00:00:00Z"), row("b", "two", "2026-01-01T00:00:00Z")];
  const writer = await filled(one, two);
  const later = new Date(Date.now() + 60_000);
  expect(writer.compare(await found(one, two), later).differences).toEqual([]);
  expect(writer.compare(await found(one), later).differences).toEqual([expect.stringContaining("b of ")]);
  expect(writer.compare(await found(one, { ...two, title: "2" }), later).differences).toEqual([
    expect.stringContaining("b differs from"),
  ]);
  expect(
    writer.compare(await found(one, two, row("c", "three", "2026-01-01T00:00:00Z")), later).differences,
  ).toEqual(["c is unexpected"]);
});

test("rows after the recovery point must be missing, and are reported as lost after a disaster", async () => {
  const one = row("a", "one", "2026-01-01T00:00:00Z");
  const writer = await filled(one);
  const before = new Date(Date.now() - 60_000);
  expect(writer.compare(await found(one), before).differences).toEqual(["a is unexpected"]);
  expect(writer.compare(await found(), before).lost).toBeInstanceOf(Date);
});

const good: Restored = { rows: 10, differences: [], rtoSeconds: 1, rpoSeconds: 0 };
const drill = (more: Partial<Restored>): DatabaseDrill => ({
  changes: 10,
  segments: 3,
  toSecond: good,
  toLatest: { ...good, ...more },
});
const verdict = (more: Partial<Restored>) => report([databaseResult(drill(more), 17)], new Date(0));

test("the report states whether the objectives are met", () => {
  const { kept, markdown } = verdict({ rpoSeconds: 2.5 });
  expect(kept).toBe(true);
  expect(markdown).toContain("| 10 | 0 | 2.50 | 1.00 | met |");
  expect(markdown).toContain("RPO, s (at most 300) | RTO, s (at most 3600)");
});

test.each<[string, Partial<Restored>]>([
  ["a wrong row", { differences: ["a is missing"] }],
  ["more lost than promised", { rpoSeconds: 301 }],
  ["more time than promised", { rtoSeconds: 3_601 }],
  ["nothing restored at all", { rows: 0 }],
])("%s breaks it", (_, more) => {
  const { kept, markdown } = verdict(more);
  expect(kept).toBe(false);
  expect(markdown).toContain("**Objectives are missed.**");
  expect(markdown).toContain("**not met**");
});

test("each drill has its own objectives, and one that failed or did nothing meets none", () => {
  const fine = databaseResult(drill({}), 17);
  const strict: DrillResult = { ...databaseResult(drill({ rpoSeconds: 2 }), 17), title: "Strict" };
  const bound: DrillResult = { ...strict, objectives: { rpoSeconds: 1, rtoSeconds: 9 } };
  expect(report([fine, strict], new Date(0)).kept).toBe(true);
  expect(report([fine, bound], new Date(0)).kept).toBe(false);
  expect(report([], new Date(0)).kept).toBe(false);
  expect(report([{ ...fine, scenes: [] }], new Date(0)).kept).toBe(false);
  const { kept, markdown } = report([fine], new Date(0), [{ name: "state", why: "no Terraform" }]);
  expect(kept).toBe(false);
  expect(markdown).toContain("**The drill state failed**: no Terraform");
});

test("a state with a missing, different or additional resource is wrong", () => {
  const resource = (name: string, days: number): StateResource => ({
    mode: "managed",
    type: "t",
    name,
    instances: [{ attributes: { days } }],
  });
  const state = (...resources: StateResource[]) => resources;
  const one = state(resource("a", 1), resource("b", 2));
  expect(differing(one, state(resource("b", 2), resource("a", 1)))).toEqual([]);
  expect(differing(one, state(resource("a", 1)))).toEqual(["t.b differs"]);
  expect(differing(one, state(resource("a", 1), resource("b", 3)))).toEqual(["t.b differs"]);
  expect(differing(state(resource("a", 1)), one)).toEqual(["t.b differs"]);
});
