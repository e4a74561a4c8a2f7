import { aMedia } from "../fakes";
import { aWorld } from "./world";

describe("GET /media/{id}", () => {
  it("returns the playback URL of a media that is ready", async () => {
    const media = aMedia({ status: "ready" });
    const { ask } = aWorld([media]);
    const body: unknown = await (await ask(`/media/${media.id}`)).json();
    expect(body).toEqual({
      ...media,
      description: "",
      progress: 100,
      playback: {
        url: `/stream/${media.id}/run/master.m3u8`,
        poster: `/stream/${media.id}/run/poster.jpg`,
        sprite: `/stream/${media.id}/run/sprite.vtt`,
        chapters: `/stream/${media.id}/run/chapters.vtt`,
      },
    });
  });

  it("returns the progress of the processing while the cache has it", async () => {
    const media = aMedia({ status: "processing" });
    const { ask, progress } = aWorld([media]);
    const get = async (): Promise<unknown> => (await ask(`/media/${media.id}`)).json();
    const answer = { ...media, description: "", events: `/events/${media.id}` };
    expect(await get()).toEqual(answer);
    progress.set(media.id, { status: "processing", percent: 42 });
    expect(await get()).toEqual({ ...answer, progress: 42 });
    // A lease of an earlier attempt.
    progress.set(media.id, { status: "failed", percent: 42 });
    expect(await get()).toEqual(answer);
  });

  it.each(["registered", "uploaded", "failed"] as const)(
    "tells neither of a media that is %s",
    async (status) => {
      const media = aMedia({ status });
      const { ask, progress } = aWorld([media]);
      progress.set(media.id, { status: "processing", percent: 42 });
      const answer = (await (await ask(`/media/${media.id}`)).json()) as object;
      expect(answer).toMatchObject(media);
      expect(answer).not.toHaveProperty("progress");
      expect(answer).not.toHaveProperty("playback");
    },
  );
});

describe("GET /media/{id}/playback", () => {
  it("sets a cookie for each value that CloudFront requires, valid for six hours", async () => {
    const media = aMedia({ status: "ready" });
    const { ask } = aWorld([media]);
    const answer = await ask(`/media/${media.id}/playback`);
    expect(answer.status).toBe(200);
    const cookies = answer.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split("=")[0])).toEqual([
      "CloudFront-Policy",
      "CloudFront-Signature",
      "CloudFront-Key-Pair-Id",
    ]);
    const { url, expiresAt, query } = (await answer.json()) as Record<"url" | "expiresAt" | "query", string>;
    expect(url).toBe(`/stream/${media.id}/run/master.m3u8`);
    expect(cookies[0]).toBe(`CloudFront-Policy=${media.id}-${Date.parse(expiresAt)}`);
    expect(query).toMatch(new RegExp(`^Policy=${media.id}-${Date.parse(expiresAt)}&`));
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 6 * 3_600_000)).toBeLessThan(5_000);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it.each(["registered", "uploaded", "processing", "failed"] as const)(
    "opens nothing of a media that is %s",
    async (status) => {
      const media = aMedia({ status });
      const answer = await aWorld([media]).ask(`/media/${media.id}/playback`);
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ code: "not-ready" });
      expect(answer.headers.getSetCookie()).toEqual([]);
    },
  );

  it("of a media that is not there answers 404", async () => {
    const answer = await aWorld().ask("/media/00000000-0000-4000-8000-00000000ffff/playback");
    expect(answer.status).toBe(404);
  });
});
