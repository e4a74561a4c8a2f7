import { mediaApp } from "../../../handlers/media/app";
import { encodeCursor } from "../../../handlers/media/cursor";
import { aMedia, MemoryCache, MemoryLog, MemoryRepository } from "../fakes";

const row = aMedia();
const app = mediaApp({
  repository: new MemoryRepository([row]),
  cache: new MemoryCache(),
  log: new MemoryLog(),
});

/** Pieces that have broken parsers before. */
const PIECES = [
  ...[
    "",
    "0",
    "1",
    "-1",
    "1e2",
    "1.5",
    "0x10",
    " 5",
    "100",
    "101",
    "9007199254740993",
    "NaN",
    "null",
    "true",
  ],
  ...["%00", "%0a", "%", "%zz", "%c3%28", "%ud83d", "é", "😀", "\ufeff", "＋", "٣"],
  ...[
    "'",
    '"',
    "; DROP TABLE media",
    "' OR 1=1 --",
    "${7*7}",
    "{{7}}",
    "<script>",
    "../",
    "..%2f",
    "//",
    "\\",
  ],
  ...["__proto__", "constructor", "toString", "[]", "[object Object]", "a=b", "&", "#", "?"],
  ...["ready", "READY", "failed", encodeCursor(row), encodeCursor(row).toLowerCase(), row.id, `{${row.id}}`],
  "x".repeat(5_000),
];
const NAMES = ["limit", "status", "cursor", "__proto__", "constructor", "limit[]", "Limit", "", "%00", "id"];

/** A repeatable sequence of numbers from 0 to 1 (mulberry32). */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Requests that may mean anything: a path of pieces, and a query of names and pieces. */
function* requests(count: number): Generator<{ method: string; path: string }> {
  const next = random(20_261_123);
  const one = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item;
  for (let made = 0; made < count; made++) {
    const paths = [
      "/media",
      "/media/",
      `/media/${one(PIECES)}`,
      `/media/${row.id}/${one(PIECES)}`,
      "/health",
    ];
    const query = Array.from(
      { length: Math.floor(next() * 4) },
      () => `${one(NAMES)}${next() < 0.9 ? "=" : ""}${one(PIECES)}${next() < 0.3 ? one(PIECES) : ""}`,
    );
    const method = next() < 0.9 ? "GET" : one(["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
    yield { method, path: `${one(paths)}${query.length === 0 ? "" : "?"}${query.join("&")}` };
  }
}

test("5000 malformed requests get no 5xx, and every refusal says why", async () => {
  const statuses = new Map<number, number>();
  for (const { method, path } of requests(5_000)) {
    const answer = await app.request(`https://api${path}`, { method }, { requestId: row.id });
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (answer.status === 200) continue;
    expect([400, 404, 405]).toContain(answer.status);
    if (method === "HEAD") continue;
    expect(await answer.json()).toMatchObject({ status: answer.status, detail: expect.stringMatching(/\w/) });
  }
  // The requests are of a kind that reaches every answer.
  for (const status of [200, 400, 404, 405]) expect(statuses.get(status) ?? 0).toBeGreaterThan(50);
});

test.each(PIECES.filter((piece) => !["1", "100", ""].includes(piece)))(
  "limit=%s is refused",
  async (piece) => {
    const query = new URLSearchParams({ limit: piece });
    const answer = await app.request(`https://api/media?${query.toString()}`, {}, { requestId: row.id });
    expect(answer.status).toBe(400);
  },
);
