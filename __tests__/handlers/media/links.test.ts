import { createHash } from "node:crypto";
import fc from "fast-check";
import type { Media } from "../../../handlers/media/media";
import { asked } from "../asked";
import { aMedia } from "../fakes";
import { aWorld, PUBLIC_URL, requestId } from "./world";

const SHARE = "s".repeat(32);

/** A world with one media, and what somebody without a token is answered. */
function withMedia(fields: Partial<Media> = {}, description = "") {
  const media = aMedia(fields);
  const world = aWorld([media]);
  const { id } = media;
  world.repository.descriptions.set(id, description);
  world.repository.shareTokens.set(id, SHARE);
  const view = (path: string) => asked(world.app, path, {}, { requestId });
  const pageOf = async (query = ""): Promise<string> => (await view(`/v/${id}${query}`)).text();
  const oembed = (url: string, more: Readonly<Record<string, string>> = {}) =>
    view(`/oembed?${new URLSearchParams({ url, ...more }).toString()}`);
  return { ...world, id, media, view, pageOf, oembed };
}

/** A text of HTML as browsers show it. */
function shown(html: string): string {
  const characters: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return html.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => characters[name] ?? "");
}

/** Contents of the page's tags by their names. */
function tagsOf(page: string): Record<string, string> {
  const tags = [...page.matchAll(/<meta (?:name|property)="([^"]*)" content="([^"]*)">/g)];
  return Object.fromEntries(tags.map(([, name = "", content = ""]) => [name, shown(content)]));
}

const hrefOf = (page: string, rel: string): string | undefined => {
  const href = new RegExp(`<link rel="${rel}"[^>]* href="([^"]*)"`).exec(page)?.[1];
  return href === undefined ? undefined : shown(href);
};

/** The page's markup without the values of attributes and the texts. */
function skeletonOf(page: string): string[] {
  const markup = page.replaceAll(/"[^"]*"/g, '""').match(/<[^>]*>/g) ?? [];
  return markup.filter((tag) => !tag.startsWith("<meta"));
}

const times = (page: string, text: string): number => page.split(text).length - 1;

describe("the page of a link", () => {
  it("shows title, description, poster and player of a public video to services that run no scripts", async () => {
    const { id, pageOf, view } = withMedia({ title: "A day at the sea" }, "Waves,\n and   wind.");
    const answer = await view(`/v/${id}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    const page = await pageOf();
    expect(page).toContain("<title>A day at the sea</title>");
    const url = `${PUBLIC_URL}/v/${id}`;
    const player = `${PUBLIC_URL}/embed/${id}`;
    expect(tagsOf(page)).toMatchObject({
      description: "Waves, and wind.",
      "og:type": "video.other",
      "og:title": "A day at the sea",
      "og:description": "Waves, and wind.",
      "og:url": url,
      "og:image": expect.stringMatching(
        new RegExp(`^${PUBLIC_URL}/stream/${id}/run/poster\\.jpg\\?until=\\d+$`),
      ) as string,
      "og:video": player,
      "og:video:type": "text/html",
      "og:video:width": "1280",
      "og:video:height": "720",
      "video:duration": "21",
      "twitter:card": "player",
      "twitter:player": player,
    });
    expect(tagsOf(page)).not.toHaveProperty("robots");
    expect(hrefOf(page, "canonical")).toBe(url);
    expect(hrefOf(page, "alternate")).toBe(`${PUBLIC_URL}/api/oembed?url=${encodeURIComponent(url)}`);
  });

  it("opens the watch page of its own host in browsers, by the one script that its policy allows", async () => {
    const { id, view } = withMedia();
    const answer = await view(`/v/${id}`);
    const page = await answer.text();
    expect(page).toContain(`<a id="watch" href="/watch/${id}"`);
    const scripts = [...page.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, script = ""]) => script);
    expect(scripts).toHaveLength(1);
    const hash = createHash("sha256")
      .update(scripts[0] ?? "")
      .digest("base64");
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy.split("; ")).toEqual(
      expect.arrayContaining(["default-src 'none'", `script-src 'sha256-${hash}'`, "frame-ancestors 'none'"]),
    );
    // Some crawlers follow it, to a page without tags.
    expect(page).not.toMatch(/http-equiv/i);
  });

  it("tells the same of a video that is private, unlisted, not ready or not there: nothing", async () => {
    const unseen: Partial<Media>[] = [
      { visibility: "private" },
      { visibility: "unlisted" },
      { status: "processing" },
      { status: "failed" },
    ];
    const answers = unseen.map(async (fields) => {
      const { id, view } = withMedia({ title: "Secret plans", ...fields });
      const answer = await view(`/v/${id}`);
      return [answer.status, (await answer.text()).replaceAll(id, "ID"), answer.headers.get("cache-control")];
    });
    const id = "00000000-0000-4000-8000-00000000ffff";
    const none = await withMedia().view(`/v/${id}`);
    const expected = [
      none.status,
      (await none.text()).replaceAll(id, "ID"),
      none.headers.get("cache-control"),
    ];
    expect(await Promise.all(answers)).toEqual(unseen.map(() => expected));
    const [status, page] = expected as [number, string];
    expect(status).toBe(200);
    expect(tagsOf(page)).toEqual({ robots: "noindex", viewport: expect.anything() as string });
    expect(page).not.toMatch(/Secret|poster|oembed|canonical/);
  });

  it("shows an unlisted video by the token of its link only, to no search engine", async () => {
    const { id, pageOf, view } = withMedia({ visibility: "unlisted", title: "For friends" });
    const page = await pageOf(`?share=${SHARE}`);
    expect(tagsOf(page)).toMatchObject({
      robots: "noindex",
      "og:title": "For friends",
      "og:url": `${PUBLIC_URL}/v/${id}?share=${SHARE}`,
      "og:video": `${PUBLIC_URL}/embed/${id}?share=${SHARE}`,
    });
    expect(page).toContain(`href="/watch/${id}?share=${SHARE}"`);
    expect((await view(`/v/${id}?share=${SHARE}`)).headers.get("cache-control")).toBe("no-store");
    expect(await pageOf(`?share=${SHARE.replace("s", "t")}`)).not.toContain("For friends");
    expect((await view(`/v/${id}?share=a&share=b`)).status).toBe(400);
  });

  it("tells nothing any more at once after a video became private", async () => {
    const { id, ask, pageOf, registry } = withMedia({ title: "Old title", owner: "me" });
    registry.known.set(id, {
      id,
      status: "ready",
      visibility: "public",
      sizeBytes: 1,
      owner: "me",
      uploadId: null,
      removing: false,
      failureReason: null,
    });
    expect(await pageOf()).toContain("Old title");
    await ask(`/media/${id}`, { method: "PATCH", body: { visibility: "private" }, caller: "me" });
    expect(await pageOf()).not.toContain("Old title");
  });

  it("is shown without a picture while posters can't be signed", async () => {
    const media = aMedia();
    const access = () => Promise.reject(new Error("no key"));
    const world = aWorld([media], { tickets: { access, signedPath: access } });
    const page = await (await world.ask(`/v/${media.id}`)).text();
    expect(tagsOf(page)).toMatchObject({ "og:title": media.title });
    expect(tagsOf(page)).not.toHaveProperty("og:image");
  });

  it("fits the player of a tall video, and of one whose size is unknown", async () => {
    const tall = await withMedia({ width: 1080, height: 1920 }).pageOf();
    expect(tagsOf(tall)).toMatchObject({ "og:video:width": "405", "og:video:height": "720" });
    const unknown = await withMedia({ width: null, height: null, durationSeconds: null }).pageOf();
    expect(tagsOf(unknown)).toMatchObject({ "og:video:width": "1280", "og:video:height": "720" });
    expect(tagsOf(unknown)).not.toHaveProperty("video:duration");
  });

  it.each([
    ["ends the title", `</title><script>alert(1)</script>`],
    ["ends an attribute", `"><img src=x onerror=alert(1)>`],
    ["ends an attribute in single quotes", `' onload='alert(1)`],
    ["opens a comment", `<!-- `],
    ["is an entity", `&lt;script&gt; &quot; &amp;`],
    ["replaces in a pattern", "$& $1 $`"],
  ])("shows a text that %s as it is", async (_, text) => {
    const page = await withMedia({ title: text }, text).pageOf();
    const harmless = await withMedia({ title: "a" }, "a").pageOf();
    expect(skeletonOf(page)).toEqual(skeletonOf(harmless));
    expect(tagsOf(page)).toMatchObject({ "og:title": text.trim(), description: text.trim() });
    expect(times(page, "<script")).toBe(1);
  });

  it("keeps its markup with any text and any token", async () => {
    const harmless = skeletonOf(await withMedia({ title: "a" }, "a").pageOf("?share=a"));
    const parts = fc.constantFrom(
      ...`"'<>&/-= ;`,
      "<!--",
      "script",
      "</title>",
      "&lt",
      "\u{1f600}",
      "\ud800",
      "\0",
    );
    const texts = fc.string({ unit: parts, minLength: 1 });
    await fc.assert(
      fc.asyncProperty(texts, texts, async (text, share) => {
        const query = new URLSearchParams({ share }).toString();
        const page = await withMedia({ title: `a${text}` }, `a${text}`).pageOf(`?${query}`);
        expect(skeletonOf(page)).toEqual(harmless);
      }),
    );
  });

  it("turns no text around, and keeps what emoji are made of", async () => {
    const page = await withMedia({ title: "gpj.\u202eexe\u2066 \u0007👩‍👩‍👧" }, "a\u200fb").pageOf();
    expect(tagsOf(page)).toMatchObject({ "og:title": "gpj.exe 👩‍👩‍👧", description: "ab" });
  });

  it("shortens a long description between characters", async () => {
    const { description } = tagsOf(await withMedia({}, "😀".repeat(1_000)).pageOf());
    expect([...(description ?? "")]).toHaveLength(300);
    expect(description).toMatch(/^(?:😀)+…$/u);
  });

  it("of an id that is none answers 400", async () => {
    const answer = await withMedia().view("/v/none");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
  });
});

describe("GET /oembed", () => {
  it.each(["v", "watch", "embed"])("gives the frame for the URL of a video's page %s", async (page) => {
    const { id, oembed } = withMedia({ title: `"Quoted" & more` });
    const answer = await oembed(`${PUBLIC_URL}/${page}/${id}`);
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as Record<string, unknown>;
    expect(body).toMatchObject({
      version: "1.0",
      type: "video",
      title: `"Quoted" & more`,
      width: 640,
      height: 360,
      thumbnail_width: 1920,
      thumbnail_height: 1080,
      thumbnail_url: expect.stringContaining(`${PUBLIC_URL}/stream/${id}/run/poster.jpg?`) as string,
    });
    expect(body.html).toMatch(
      new RegExp(
        `^<iframe src="${PUBLIC_URL}/embed/${id}" width="640" height="360" title="&quot;Quoted&quot; &amp; more" [^<>]*></iframe>$`,
      ),
    );
  });

  it("may be kept for an hour, while the signature of its picture is valid", async () => {
    const { id, oembed } = withMedia();
    const answer = await oembed(`${PUBLIC_URL}/v/${id}`);
    const body = (await answer.json()) as { cache_age: number; thumbnail_url: string };
    expect(body.cache_age).toBe(3_600);
    const until = Number(new URL(body.thumbnail_url).searchParams.get("until"));
    expect(until - Date.now()).toBeGreaterThan(body.cache_age * 1_000);
  });

  it("keeps the frame within the size that the site asks for, and leaves out a larger picture", async () => {
    const { id, oembed } = withMedia({ width: 1080, height: 1920 });
    const url = `${PUBLIC_URL}/v/${id}`;
    const body = (await (await oembed(url, { maxwidth: "900", maxheight: "480" })).json()) as object;
    expect(body).toMatchObject({ width: 270, height: 480 });
    expect(body).not.toHaveProperty("thumbnail_url");
  });

  it("gives that of an unlisted video by the token of its link", async () => {
    const { id, oembed } = withMedia({ visibility: "unlisted" });
    const answer = await oembed(`${PUBLIC_URL}/v/${id}?share=${SHARE}`);
    const body = (await answer.json()) as { html: string };
    expect(body.html).toContain(`/embed/${id}?share=${SHARE}"`);
    // What needs a token is not for other caches.
    expect(body).not.toHaveProperty("cache_age");
    expect((await oembed(`${PUBLIC_URL}/v/${id}`)).status).toBe(404);
  });

  it.each([
    ["of another site", (id: string) => `https://other.example/v/${id}`],
    ["of another page", (id: string) => `${PUBLIC_URL}/videos/${id}`],
    ["of no video", () => `${PUBLIC_URL}/v/00000000-0000-4000-8000-00000000ffff`],
    ["that is none", (id: string) => id],
  ])("answers 404 to a URL %s", async (_, urlOf) => {
    const { id, oembed } = withMedia();
    expect((await oembed(urlOf(id))).status).toBe(404);
  });

  it.each([
    [{ maxwidth: "0" }, "maxwidth must be a whole number of pixels from 1 to 99999"],
    [{ format: "xml" }, "format must be json, the only format"],
  ])("refuses %j", async (query, detail) => {
    const { id, oembed } = withMedia();
    const answer = await oembed(`${PUBLIC_URL}/v/${id}`, query);
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([400, detail]);
  });

  it("requires a URL, once", async () => {
    const { view } = withMedia();
    const details = ["/oembed", "/oembed?url=a&url=b"].map(
      async (path) => (await (await view(path)).json()) as object,
    );
    expect(await Promise.all(details)).toMatchObject([
      { status: 400, detail: "url is missing" },
      { status: 400, detail: "url must be given once" },
    ]);
  });
});
