import type { Media, Visibility } from "../../../handlers/media/media";
import { asked } from "../asked";
import { aMedia } from "../fakes";
import { aWorld, creator, requestId } from "./world";

const stranger = "somebody-else";
const WRONG_TOKEN = "A".repeat(32);
const video = { title: "Sunrise", contentType: "video/mp4", sizeBytes: 1 };

/** A world with one media of the creator's, which is ready. */
function withMedia(visibility: Visibility, fields: Partial<Media> = {}) {
  const media = aMedia({ visibility, owner: creator, ...fields });
  const world = aWorld([media]);
  const { id, status, sizeBytes } = media;
  world.registry.known.set(id, {
    id,
    status,
    visibility,
    sizeBytes,
    owner: creator,
    uploadId: null,
    removing: false,
    failureReason: null,
  });
  const shareToken = "s".repeat(32);
  if (visibility === "unlisted") world.repository.shareTokens.set(id, shareToken);
  /** Like somebody without a token. */
  const view = (path: string) => asked(world.app, path, {}, { requestId });
  return { ...world, media, id, shareToken, view };
}

type World = ReturnType<typeof withMedia>;

/** Statuses of what a viewer can ask of a media: the media, and the cookies to play it. */
async function seenBy(view: World["view"], id: string, query = ""): Promise<number[]> {
  const answers = await Promise.all(["", "/playback"].map((path) => view(`/media/${id}${path}${query}`)));
  for (const answer of answers.filter(({ status }) => status !== 200)) {
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
  return answers.map(({ status }) => status);
}

async function listed(view: World["view"]): Promise<string[]> {
  const { items } = (await (await view("/media")).json()) as { items: { id: string }[] };
  return items.map(({ id }) => id);
}

describe("viewers", () => {
  it.each([
    ["public", [200, 200], true],
    ["unlisted", [404, 404], false],
    ["private", [404, 404], false],
  ] as const)("of a %s media", async (visibility, statuses, isListed) => {
    const { view, id } = withMedia(visibility);
    expect(await seenBy(view, id)).toEqual(statuses);
    expect(await listed(view)).toEqual(isListed ? [id] : []);
  });

  it.each(["registered", "uploaded", "processing", "failed"] as const)(
    "find no public media in lists that is %s",
    async (status) => {
      const { view } = withMedia("public", { status });
      expect(await listed(view)).toEqual([]);
    },
  );

  it("see an unlisted media with the token of its link, and no other", async () => {
    const { view, id, shareToken } = withMedia("unlisted");
    expect(await seenBy(view, id, `?share=${shareToken}`)).toEqual([200, 200]);
    expect(await seenBy(view, id, `?share=${WRONG_TOKEN}`)).toEqual([404, 404]);
    expect(await seenBy(view, id, `?share=${shareToken.slice(1)}`)).toEqual([404, 404]);
    expect(await seenBy(view, id, "?share=")).toEqual([404, 404]);
    expect(await seenBy(view, id, `?share=${shareToken}&share=${shareToken}`)).toEqual([400, 400]);
    const answer = await view(`/media/${id}?share=${shareToken}`);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).not.toHaveProperty("shareToken");
  });

  it("see no private media with the token that it had while it was unlisted", async () => {
    const { view, ask, id, shareToken } = withMedia("unlisted");
    await ask(`/media/${id}`, { method: "PATCH", body: { visibility: "private" } });
    expect(await seenBy(view, id, `?share=${shareToken}`)).toEqual([404, 404]);
    await ask(`/media/${id}`, { method: "PATCH", body: { visibility: "unlisted" } });
    expect(await seenBy(view, id, `?share=${shareToken}`)).toEqual([404, 404]);
  });

  it.each(["private", "unlisted"] as const)("see at once that a media became %s", async (visibility) => {
    const { view, ask, id } = withMedia("public");
    expect(await seenBy(view, id)).toEqual([200, 200]);
    expect(await listed(view)).toEqual([id]);
    const answer = await ask(`/media/${id}`, { method: "PATCH", body: { visibility } });
    expect(answer.status).toBe(200);
    expect(await seenBy(view, id)).toEqual([404, 404]);
    expect(await listed(view)).toEqual([]);
  });

  it("see nothing any more also when the cache was unavailable while a media became private", async () => {
    const { view, ask, id, cache } = withMedia("public");
    await seenBy(view, id);
    await listed(view);
    cache.down = true;
    await ask(`/media/${id}`, { method: "PATCH", body: { visibility: "private" } });
    cache.down = false;
    expect(await seenBy(view, id)).toEqual([404, 404]);
    expect(await listed(view)).toEqual([]);
  });
});

describe("a creator", () => {
  it.each(["private", "unlisted", "public"] as const)("sees an own media that is %s", async (visibility) => {
    const { ask, id, shareToken } = withMedia(visibility);
    const answer = await ask(`/me/media/${id}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const body = (await answer.json()) as object;
    expect(body).toMatchObject({ id, visibility, description: "" });
    expect("shareToken" in body).toBe(visibility === "unlisted");
    if (visibility === "unlisted") expect(body).toMatchObject({ shareToken });
    const playback = await ask(`/me/media/${id}/playback`);
    expect([playback.status, playback.headers.getSetCookie().length]).toEqual([200, 3]);
  });

  it("lists own media in every status and of every visibility, and filters by status", async () => {
    const rows = (["private", "unlisted", "public"] as const).flatMap((visibility) =>
      (["registered", "processing", "ready", "failed"] as const).map((status) =>
        aMedia({ visibility, status, owner: creator }),
      ),
    );
    const { ask } = aWorld([...rows, aMedia({ owner: stranger }), aMedia()]);
    const list = async (query: string) => {
      const answer = await ask(`/me/media?limit=100${query}`);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      return ((await answer.json()) as { items: Media[] }).items;
    };
    expect((await list("")).map(({ id }) => id)).toEqual(rows.map(({ id }) => id).reverse());
    expect((await list("&status=failed")).map(({ status }) => status)).toEqual([
      "failed",
      "failed",
      "failed",
    ]);
  });

  it("pages through own media, each once", async () => {
    const rows = Array.from({ length: 7 }, () => aMedia({ visibility: "private", owner: creator }));
    const { ask } = aWorld([...rows, aMedia({ owner: stranger })]);
    const seen: string[] = [];
    let path: string | undefined = "/me/media?limit=3";
    while (path !== undefined) {
      const page = (await (await ask(path)).json()) as { items: { id: string }[]; nextCursor?: string };
      seen.push(...page.items.map(({ id }) => id));
      path = page.nextCursor && `/me/media?limit=3&cursor=${page.nextCursor}`;
    }
    expect(seen).toEqual(rows.map(({ id }) => id).reverse());
  });

  it("gets a path to the events of what is not over, with a ticket unless it is public", async () => {
    for (const [visibility, pattern] of [
      ["private", /^\/events\/[0-9a-f-]{36}\?ticket=/],
      ["public", /^\/events\/[0-9a-f-]{36}$/],
    ] as const) {
      const { ask, id } = withMedia(visibility, { status: "processing" });
      const { items } = (await (await ask("/me/media")).json()) as { items: { events: string }[] };
      expect(items[0]?.events).toMatch(pattern);
      expect(((await (await ask(`/me/media/${id}`)).json()) as { events: string }).events).toMatch(pattern);
    }
  });

  it.each(["registered", "uploaded", "processing", "ready", "failed"] as const)(
    "learns nothing of others' media that are not public and %s",
    async (status) => {
      const { ask, id } = withMedia("private", { status });
      const requests = [
        ["GET", `/me/media/${id}`],
        ["GET", `/me/media/${id}/playback`],
        ["GET", `/me/media/${id}/upload`],
        ["PATCH", `/media/${id}`, { title: "Mine" }],
        ["POST", `/media/${id}/share`],
        ["POST", `/media/${id}/upload/parts`, { partNumbers: [1] }],
        ["POST", `/media/${id}/upload/abort`],
        ["DELETE", `/media/${id}`],
      ] as const;
      for (const [method, path, body] of requests) {
        const answer = await ask(path, { method, body, caller: stranger });
        expect({ method, path, status: answer.status }).toEqual({ method, path, status: 404 });
        expect(await answer.json()).toMatchObject({ detail: `no media has the id ${id}` });
      }
    },
  );

  it("may not change others' public media", async () => {
    const { ask, id } = withMedia("public");
    for (const [method, path, body] of [
      ["PATCH", `/media/${id}`, { title: "Mine" }],
      ["POST", `/media/${id}/share`, undefined],
      ["DELETE", `/media/${id}`, undefined],
    ] as const) {
      const answer = await ask(path, { method, body, caller: stranger });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "not-creator" });
    }
    expect(await (await ask(`/media/${id}`)).json()).not.toMatchObject({ title: "Mine" });
  });

  it.each(["/me/media", "/me/media/00000000-0000-4000-8000-000000000001"])(
    "is asked for a token by GET %s",
    async (path) => {
      const { view } = withMedia("public");
      expect((await view(path)).status).toBe(401);
    },
  );
});

describe("POST /media", () => {
  it("registers a private media unless the caller says otherwise", async () => {
    const { ask } = aWorld();
    for (const [body, visibility] of [
      [video, "private"],
      [{ ...video, visibility: "unlisted", description: "Two\nlines" }, "unlisted"],
      [{ ...video, visibility: "public" }, "public"],
    ] as const) {
      const answer = await ask("/media", { method: "POST", body });
      const { media } = (await answer.json()) as { media: Media };
      expect(media).toMatchObject({ visibility });
      const detail = (await (await ask(`/me/media/${media.id}`)).json()) as object;
      expect(detail).toMatchObject({ description: "description" in body ? body.description : "" });
      expect("shareToken" in detail).toBe(visibility === "unlisted");
    }
  });
});

describe("PATCH /media/{id}", () => {
  it("changes what is given, and nothing else", async () => {
    const { ask, id, media } = withMedia("public");
    const change = async (body: object): Promise<unknown> => {
      const answer = await ask(`/media/${id}`, { method: "PATCH", body });
      expect(answer.status).toBe(200);
      return answer.json();
    };
    expect(await change({ title: "Sunset" })).toMatchObject({ title: "Sunset", visibility: "public" });
    expect(await change({ description: "At sea" })).toMatchObject({ title: "Sunset", description: "At sea" });
    expect(await change({ description: "" })).toMatchObject({ description: "", sizeBytes: media.sizeBytes });
    expect(await (await ask(`/media/${id}`)).json()).toMatchObject({ title: "Sunset", description: "" });
  });

  it.each([
    [{}, "body must have a title, a description or a visibility"],
    [{ title: "" }, "title must have from 1 to 200 characters; title must not be blank"],
    [{ title: null }, "title must be a string"],
    [{ visibility: "secret" }, "visibility must be one of private, unlisted, public"],
    [{ description: "x".repeat(5_001) }, "description must have at most 5000 characters"],
    [{ description: "a\u0000b" }, "description must not have control characters"],
    [{ status: "ready" }, "status is unknown"],
    [{ owner: "me" }, "owner is unknown"],
    [{ shareToken: "mine" }, "shareToken is unknown"],
  ])("refuses %j: %s", async (body, detail) => {
    const { ask, id } = withMedia("public");
    const answer = await ask(`/media/${id}`, { method: "PATCH", body });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toContain(detail);
  });

  it("accepts a description of 5000 characters with lines and tabs", async () => {
    const { ask, id } = withMedia("private");
    const description = `\ta\r\n${"😀".repeat(4_996)}`;
    const answer = await ask(`/media/${id}`, { method: "PATCH", body: { description } });
    expect(await answer.json()).toMatchObject({ description });
  });

  it("finds no media that is being removed", async () => {
    const { ask, id, registry } = withMedia("private");
    await registry.hide(id);
    expect((await ask(`/media/${id}`, { method: "PATCH", body: { title: "x" } })).status).toBe(404);
    expect((await ask(`/media/${id}/share`, { method: "POST" })).status).toBe(404);
  });
});

describe("POST /media/{id}/share", () => {
  it("replaces the link: the one before shows nothing any more", async () => {
    const { ask, view, id, shareToken } = withMedia("unlisted");
    expect(await seenBy(view, id, `?share=${shareToken}`)).toEqual([200, 200]);
    const answer = await ask(`/media/${id}/share`, { method: "POST" });
    expect(answer.status).toBe(200);
    const { shareToken: next } = (await answer.json()) as { shareToken: string };
    expect(next).toMatch(/^[\w-]{32}$/);
    expect(next).not.toBe(shareToken);
    expect(await seenBy(view, id, `?share=${shareToken}`)).toEqual([404, 404]);
    expect(await seenBy(view, id, `?share=${next}`)).toEqual([200, 200]);
  });

  it.each(["private", "public"] as const)("of a media that is %s answers 409", async (visibility) => {
    const { ask, id } = withMedia(visibility);
    const answer = await ask(`/media/${id}/share`, { method: "POST" });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: "not-unlisted" });
  });
});

describe("a text that others see", () => {
  it.each([
    ["right-to-left override", "invoice\u202egpj.exe"],
    ["isolate", "a\u2066b"],
    ["right-to-left mark", "a\u200fb"],
    ["zero-width space", "a\u200bb"],
    ["soft hyphen", "a\u00adb"],
    ["byte order mark", "\ufeffa"],
    ["line separator", "a\u2028b"],
    ["tag characters", "a\u{e0041}"],
    ["Hangul filler", "a\u3164b"],
  ])("has no %s", async (_, text) => {
    const { ask } = aWorld();
    for (const wrong of [{ title: text }, { description: text }]) {
      const answer = await ask("/media", { method: "POST", body: { ...video, ...wrong } });
      expect(answer.status).toBe(400);
      expect(((await answer.json()) as { detail: string }).detail).toBe(
        `${Object.keys(wrong)[0]} must not have invisible or direction-changing characters`,
      );
    }
  });

  it.each(["👩‍👩‍👧‍👦", "❤️", "می‌خواهم", "שלום", "مرحبا", "née", "क्‍ष"])("may be %s", async (title) => {
    const answer = await aWorld().ask("/media", {
      method: "POST",
      body: { ...video, title, description: title },
    });
    expect(answer.status).toBe(201);
  });

  it("is not made of joiners only", async () => {
    const answer = await aWorld().ask("/media", {
      method: "POST",
      body: { ...video, title: "\u200d\u200c" },
    });
    expect(answer.status).toBe(400);
  });
});
