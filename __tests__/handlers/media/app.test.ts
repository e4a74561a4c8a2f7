import { Unavailable } from "../../../handlers/media/media";
import { aMedia } from "../fakes";
import { asked } from "../asked";
import { aWorld, requestId } from "./world";

function setUp(rows = [aMedia(), aMedia(), aMedia()]) {
  const { app, repository, cache, log } = aWorld(rows);
  const ask = (path: string, method = "GET") => asked(app, path, { method }, { requestId });
  return { repository, cache, log, ask, rows };
}

describe("GET /media", () => {
  it("lists media newest first, with every field", async () => {
    const { ask, rows } = setUp();
    const answer = await ask("/media");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      items: [...rows].reverse().map((row) => ({ ...row, thumbnail: expect.any(String) as unknown })),
    });
    expect(answer.headers.get("content-type")).toMatch(/^application\/json\b/);
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    expect(answer.headers.get("x-request-id")).toBe(requestId);
  });

  it("lists 20 when no limit is given, and at most as many as asked", async () => {
    const { ask } = setUp(Array.from({ length: 101 }, () => aMedia()));
    const count = async (path: string): Promise<number> => {
      const page = (await (await ask(path)).json()) as { items: unknown[] };
      return page.items.length;
    };
    expect(await count("/media")).toBe(20);
    expect(await count("/media?limit=1")).toBe(1);
    expect(await count("/media?limit=100")).toBe(100);
  });

  it("lists all media by cursors, each once, while newer ones are added", async () => {
    const { ask, rows, repository } = setUp(Array.from({ length: 10 }, () => aMedia()));
    const old = rows.map(({ id }) => id);
    const seen: string[] = [];
    let path: string | undefined = "/media?limit=3";
    while (path !== undefined) {
      const page = (await (await ask(path)).json()) as { items: { id: string }[]; nextCursor?: string };
      seen.push(...page.items.map(({ id }) => id));
      repository.rows.push(aMedia());
      path = page.nextCursor && `/media?limit=3&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(old.reverse());
  });

  it("ignores parameters that it does not know", async () => {
    expect((await setUp().ask("/media?utm_source=mail&utm_source=x")).status).toBe(200);
  });
});

describe("GET /media/{id}", () => {
  it("answers the media, in whatever case its id is written", async () => {
    const { ask, rows } = setUp([aMedia({ id: "abcdef00-0000-4000-8000-000000000001" })]);
    for (const id of ["abcdef00-0000-4000-8000-000000000001", "ABCDEF00-0000-4000-8000-000000000001"]) {
      const answer = await ask(`/media/${id}`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ ...rows[0] });
    }
  });

  it("answers HEAD with the same headers and no body", async () => {
    const { ask, rows } = setUp();
    const answer = await ask(`/media/${rows[0]?.id}`, "HEAD");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-request-id")).toBe(requestId);
    expect(await answer.text()).toBe("");
  });
});

describe("GET /health", () => {
  it("is up with database and cache", async () => {
    const answer = await setUp().ask("/health");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ database: "up", cache: "up" });
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("is healthy without the cache, and reports the cache as down", async () => {
    const { ask, cache } = setUp();
    cache.down = true;
    const answer = await ask("/health");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ database: "up", cache: "down" });
  });

  it("fails without the database", async () => {
    const { ask, repository } = setUp();
    repository.failure = new Unavailable("gone");
    const answer = await ask("/health");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ status: 503, database: "down", cache: "up" });
  });

  it("fails when the database is silent for two seconds", async () => {
    jest.useFakeTimers();
    try {
      const { ask, repository } = setUp();
      repository.check = () => new Promise(() => undefined);
      const answer = Promise.resolve(ask("/health"));
      await jest.advanceTimersByTimeAsync(1_999);
      expect(await Promise.race([answer, Promise.resolve("waiting")])).toBe("waiting");
      await jest.advanceTimersByTimeAsync(1);
      expect((await answer).status).toBe(503);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe("a problem", () => {
  it.each([
    ["/nothing", "GET", 404, "Not Found", "no resource at /nothing"],
    ["/api/media", "GET", 404, "Not Found", "no resource at /api/media"],
    [
      "/media/00000000-0000-4000-8000-00000000ffff",
      "GET",
      404,
      "Not Found",
      "no media has the id 00000000-0000-4000-8000-00000000ffff",
    ],
    ["/media/7", "GET", 400, "Bad Request", "id must be a UUID"],
    ["/media", "DELETE", 405, "Method Not Allowed", "DELETE is not allowed here, only GET, HEAD, POST"],
  ])("%s %s: %i %s", async (path, method, status, title, detail) => {
    const answer = await setUp().ask(path, method);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("x-request-id")).toBe(requestId);
    expect(await answer.json()).toMatchObject({
      type: "about:blank",
      title,
      status,
      detail,
      instance: `urn:uuid:${requestId}`,
    });
  });

  it.each([
    ["/media", "GET, HEAD, POST"],
    ["/media/00000000-0000-4000-8000-000000000001", "GET, HEAD, PATCH, DELETE"],
    ["/media/00000000-0000-4000-8000-000000000001/share", "POST"],
    ["/media/00000000-0000-4000-8000-000000000001/playback", "GET, HEAD"],
    ["/me/media", "GET, HEAD"],
    ["/me/media/00000000-0000-4000-8000-000000000001", "GET, HEAD"],
    ["/media/00000000-0000-4000-8000-000000000001/upload/parts", "POST"],
    ["/media/00000000-0000-4000-8000-000000000001/upload/complete", "POST"],
    ["/media/00000000-0000-4000-8000-000000000001/upload/abort", "POST"],
    ["/health", "GET, HEAD"],
    ["/openapi.json", "GET, HEAD"],
  ])("lists the methods that %s allows", async (path, allowed) => {
    const answer = await setUp().ask(path, "PUT");
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe(allowed);
  });

  it("names every mistake of a request at once", async () => {
    const answer = await aWorld().ask("/me/media?limit=0&status=gone&cursor=x");
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      errors: [
        { parameter: "limit", detail: "must be a whole number from 1 to 100" },
        { parameter: "cursor", detail: "must be the nextCursor of an earlier response" },
        { parameter: "status", detail: "must be one of registered, uploaded, processing, ready, failed" },
      ],
    });
  });

  it.each(["limit=1&limit=2", "status=ready&status=failed", "cursor=a&cursor=b"])(
    "refuses %s, for each may be given once",
    async (query) => {
      const answer = await aWorld().ask(`/me/media?${query}`);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        errors: [{ parameter: query.split("=")[0], detail: "must be given once" }],
      });
    },
  );
});

describe("a failure of ours", () => {
  it("answers 503 and asks to try again when the database can't be reached", async () => {
    const { ask, repository, log } = setUp();
    repository.failure = new Unavailable("the database can't be reached");
    const answer = await ask("/media");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(log.lines.filter(({ level }) => level === "error")).toEqual([
      { level: "error", message: "request failed", error: repository.failure },
    ]);
  });

  it("answers 500 without the cause, which is in the log once", async () => {
    const { ask, repository, log } = setUp();
    repository.failure = new Error('relation "media" does not exist');
    const answer = await ask("/media");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("relation");
    expect(log.lines.filter(({ level }) => level === "error")).toEqual([
      { level: "error", message: "request failed", error: repository.failure },
    ]);
  });
});

it.each([
  ["/media", 200],
  ["/media/x", 400],
  ["/nothing", 404],
])("writes one line for a request of %s", async (path, status) => {
  const { ask, log } = setUp();
  await ask(path);
  expect(log.lines).toEqual([
    { level: "info", message: "request", method: "GET", path, status, milliseconds: expect.any(Number) },
  ]);
});
