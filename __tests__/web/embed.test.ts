import { embedCode } from "../../web/src/embed-code";
import { FramedPlayback } from "../../web/src/framed-playback";

const id = "3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a01";
const origin = "https://streamflow.example";
const player = `${origin}/embed/${id}`;

describe("the code that shows a video in another site", () => {
  test("is one frame with the video's title and proportions, which may be shown in full screen", () => {
    expect(embedCode({ title: "Waves", width: 1920, height: 800 }, player)).toBe(
      `<iframe src="${player}" width="640" height="267" title="Waves" style="border:0;max-width:100%" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`,
    );
  });

  test("has the usual proportions for a video whose size is unknown", () => {
    expect(embedCode({ title: "Waves", width: null, height: null }, player)).toContain(`height="360"`);
  });

  test.each([`"><script>alert(1)</script>`, `" onload="alert(1)`, "a & b", "&quot;"])(
    "shows the title %s as it is",
    (title) => {
      const code = embedCode({ title, width: 16, height: 9 }, player);
      const written = /^<iframe(?: [a-z]+="[^"<>]*")* allowfullscreen><\/iframe>$/;
      expect(code).toMatch(written);
      const shown = / title="([^"]*)"/.exec(code)?.[1] ?? "";
      const characters: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', amp: "&" };
      expect(shown.replace(/&(\w+);/g, (_, name: string) => characters[name] ?? "")).toBe(title);
    },
  );
});

describe("playback in a frame", () => {
  const answer = {
    url: "/stream/a/master.m3u8",
    poster: "/stream/a/poster.jpg",
    sprite: "/stream/a/sprite.vtt",
    chapters: "/stream/a/chapters.vtt",
    expiresAt: "2026-11-30T00:00:00Z",
    query: "Policy=p&Signature=s",
  };
  const track = "WEBVTT\n\n00:00.000 --> 00:05.000\nsprite.jpg#xywh=0,0,160,90\n";
  let response: Response;
  const fetched: string[] = [];

  beforeEach(() => {
    response = new Response(track);
    Object.defineProperty(response, "url", { get: () => `${origin}/stream/a/sprite.vtt?old` });
    fetched.length = 0;
    jest.spyOn(globalThis, "fetch").mockImplementation((url) => {
      fetched.push(url as string);
      return Promise.resolve(response);
    });
  });
  afterEach(() => jest.restoreAllMocks());

  test("signs each address, also those of pictures in the sprite's track", async () => {
    const framed = new FramedPlayback();
    framed.renew(answer);
    const opened = await framed.open(answer);
    expect(opened).toMatchObject({
      url: answer.url,
      poster: `${answer.poster}?${answer.query}`,
      chapters: `${answer.chapters}?${answer.query}`,
    });
    expect(fetched).toEqual([`${answer.sprite}?${answer.query}`]);
    jest.restoreAllMocks();
    const signed = await (await fetch(opened.sprite)).text();
    expect(signed).toContain(`\n${origin}/stream/a/sprite.jpg?${answer.query}#xywh=0,0,160,90\n`);
  });

  test("signs playlists and segments with the last answer", () => {
    const framed = new FramedPlayback();
    const opened: string[] = [];
    const request: object = { open: (_: string, url: string) => void opened.push(url) };
    for (const query of ["first", "second"]) {
      framed.renew({ ...answer, query });
      void framed.hls.xhrSetup?.(request as XMLHttpRequest, "/stream/a/1.ts", {} as never);
    }
    expect(opened).toEqual(["/stream/a/1.ts?first", "/stream/a/1.ts?second"]);
  });

  test("plays without small pictures if they can't be read", async () => {
    response = new Response("", { status: 403 });
    const framed = new FramedPlayback();
    framed.renew(answer);
    expect((await framed.open(answer)).sprite).toBe(answer.sprite);
  });
});
