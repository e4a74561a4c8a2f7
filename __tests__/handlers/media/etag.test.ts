import { etagOf, isCurrent } from "../../../handlers/media/etag";
import { aMedia } from "../fakes";
import { asked } from "../asked";
import { aWorld, requestId } from "./world";

const etag = etagOf("text");

describe("If-None-Match", () => {
  it.each([
    ["the ETag", etag],
    ["it as a strong one", etag.replace("W/", "")],
    ["it among others", `"a", W/"b,c" ,${etag}`],
    ["*", "*"],
  ])("matches %s", (_, header) => {
    expect(isCurrent(header, etag)).toBe(true);
  });

  it.each([
    ["nothing", undefined],
    ["an empty text", ""],
    ["another ETag", etagOf("other")],
    ["it inside of another", `"x ${etag.replaceAll('"', "")} y"`],
    ["an asterisk that is an ETag, or one among others", '"*", *'],
    ["it without quotes", etag.replaceAll('"', "")],
  ])("does not match %s", (_, header) => {
    expect(isCurrent(header, etag)).toBe(false);
  });
});

function setUp() {
  const rows = [aMedia(), aMedia()];
  const { app, repository, cache } = aWorld(rows);
  const ask = (path: string, { method = "GET", known }: { method?: string; known?: string } = {}) =>
    asked(
      app,
      path,
      { method, headers: known === undefined ? {} : { "if-none-match": known } },
      { requestId },
    );
  return { ask, rows, repository, cache };
}

const tagOf = (answer: Response): string => answer.headers.get("etag") ?? "";

describe("an answer that may be cached", () => {
  it.each(["/media", "/media?limit=1", "/media/{id}", "/openapi.json"])(
    "of %s is 304 without a body for whoever has it, by GET and HEAD",
    async (route) => {
      const { ask, rows } = setUp();
      const path = route.replace("{id}", rows[0]?.id ?? "");
      const first = await ask(path);
      expect(tagOf(first)).toMatch(/^W\/"[\w-]{43}"$/);
      for (const method of ["GET", "HEAD"]) {
        const again = await ask(path, { method, known: tagOf(first) });
        expect([again.status, await again.text()]).toEqual([304, ""]);
        for (const name of ["etag", "cache-control"])
          expect(again.headers.get(name)).toBe(first.headers.get(name));
        expect(again.headers.get("x-request-id")).toBe(requestId);
        expect(again.headers.has("content-type")).toBe(false);
      }
      expect((await ask(path, { method: "HEAD" })).headers.get("etag")).toBe(tagOf(first));
    },
  );

  it.each([true, false])("changes its ETag with its content; cache down: %s", async (down) => {
    const { ask, repository, cache, rows } = setUp();
    cache.down = down;
    const paths = ["/media", `/media/${rows[0]?.id}`];
    const before = await Promise.all(paths.map((path) => ask(path)));
    const [row] = repository.rows.splice(0, 1);
    repository.rows.unshift({ ...aMedia(), ...row, title: "Another" });
    cache.kept.clear();
    for (const [index, path] of paths.entries()) {
      const after = await ask(path, { known: before.map(tagOf)[index] ?? "" });
      expect(after.status).toBe(200);
      expect(await after.text()).toContain("Another");
    }
  });

  it("is none of a media by the token of its link, of playback, health or a problem", async () => {
    const { ask, rows } = setUp();
    const id = rows[0]?.id ?? "";
    for (const path of [`/media/${id}?share=x`, `/media/${id}/playback`, "/health", "/media/7"]) {
      const answer = await ask(path, { known: "*" });
      expect([path, answer.headers.has("etag"), answer.status === 304]).toEqual([path, false, false]);
    }
  });
});
