import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { until } from "../../packages/cli-kit/wait-until";
import { SAMPLE_USER } from "../../cli/start/sample-user";
import { type Browser, closeAll, DESKTOP, keepPicture, openBrowser, PHONE } from "../support/browser";
import { ffprobe } from "../../harness/clips";
import { barriers } from "../support/accessibility";
import { DEADLINE_MS } from "../support/deadline";
import { COLOURS, framed, otherSite, REFUSED_FRAME } from "./other-site";
import { ANOTHER_USER, type Place, registerOfAnother } from "./accounts";
import {
  heard,
  makeClip,
  playFor,
  rowOf,
  signIn,
  startUpload,
  stepsInTurn,
  SUBTITLE,
  TONE_HZ,
  videoOf,
} from "./console-actions";

/** Controls that are not wholly within the player, by their names. */
const CONTROLS_OUTSIDE = `(() => {
  const player = document.querySelector("media-controller").getBoundingClientRect();
  return [...document.querySelectorAll("media-control-bar > *")].filter((control) => {
    const { left, right, top, bottom, width } = control.getBoundingClientRect();
    const isInside = left >= player.left && right <= player.right && top >= player.top && bottom <= player.bottom;
    return width > 0 && !isInside;
  }).map(({ localName }) => localName);
})()`;

/** Colour behind a page. */
const GROUND = `getComputedStyle(document.documentElement).backgroundColor`;

/** Texts of the subtitles that a player shows now. */
const SHOWN_CUES = `[...document.querySelector("hls-video").nativeEl.textTracks]
  .filter(({ kind, mode }) => kind === "subtitles" && mode === "showing")
  .flatMap(({ activeCues }) => [...activeCues].map(({ text }) => text))`;

/**
 * A creator shows a video to viewers who have no account, and to another creator. Each step continues where the one
 * before ended.
 */
export function viewerJourney(serving: () => Promise<string>, endpoint: () => string): void {
  const title = "A day at the sea";
  let url: string;
  let folder: string;
  let clip: string;
  let creator: Browser;
  let another: Browser;
  /** Without an account, on a phone and on a desktop. */
  let viewer: Browser;
  let watcher: Browser;
  let page: Page;

  const step = stepsInTurn();

  beforeAll(async () => {
    url = await serving();
    folder = mkdtempSync(join(tmpdir(), "streamflow-clip-"));
    clip = join(folder, "clip.mp4");
    makeClip(clip);
    const place: Place = { url, endpoint: endpoint() };
    await registerOfAnother(place, "Somebody else's at the sea");
    creator = await openBrowser({ locale: "en-US", ...DESKTOP });
    another = await openBrowser({ locale: "en-US", ...DESKTOP });
    viewer = await openBrowser({ locale: "en-US", ...PHONE });
    watcher = await openBrowser({ locale: "en-US", ...DESKTOP });
    await creator.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    page = creator.page;
    for (const { context } of [creator, another, viewer, watcher]) context.setDefaultTimeout(DEADLINE_MS);
  });

  afterAll(() => closeAll([creator, another, viewer, watcher], folder));

  /** Chooses who may see the video of the creator's page, and saves it. */
  const show = async (to: string): Promise<void> => {
    await page.getByLabel("Who may see it").selectOption({ label: to });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
  };
  const copied = async (button: string, said: string): Promise<string> => {
    await page.getByRole("button", { name: button }).click();
    await page.getByText(said).waitFor();
    return page.evaluate<string>("navigator.clipboard.readText()");
  };
  const copiedLink = (): Promise<string> => copied("Copy link", "The link was copied.");
  /** The tags of a link's page, for those who run no scripts; the deployed public URL is replaced by this one. */
  const tagsOf = async (link: string): Promise<Record<string, string>> => {
    const html = await (await fetch(link)).text();
    const tags = [...html.matchAll(/<meta (?:name|property)="([^"]*)" content="([^"]*)">/g)];
    return Object.fromEntries(
      tags.map(([, name = "", content = ""]) => [
        name,
        content.replaceAll("&amp;", "&").replace(/^https:\/\/[^/]+/, url),
      ]),
    );
  };
  const isRefused = async (link: string, { page: shown } = viewer): Promise<void> => {
    await shown.goto(link);
    await shown.getByRole("alert").waitFor();
    expect(await shown.locator("hls-video").count()).toBe(0);
    expect(await shown.getByRole("alert").textContent()).toBe(
      "This video does not exist, or you may not see it.",
    );
  };

  step("a creator uploads a video", async () => {
    await page.goto(url);
    await signIn(page, SAMPLE_USER);
    await startUpload(page, { file: clip, title });
    await rowOf(page, title).getByText("ready", { exact: true }).waitFor();
  });

  step("shows a poster in the list", async () => {
    const picture = rowOf(page, title).locator("img");
    await page.getByRole("button", { name: "Refresh" }).click();
    await picture.waitFor();
    const width = () => picture.evaluate(({ naturalWidth }: { naturalWidth: number }) => naturalWidth);
    await until("the poster is loaded", async () => (await width()) > 0);
    expect(await barriers(page)).toEqual([]);
  });

  step("a private video is shown to nobody else", async () => {
    await rowOf(page, title)
      .getByRole("link", { name: `Play: ${title}` })
      .click();
    await page.getByLabel("Who may see it").waitFor();
    expect(await page.getByLabel("Who may see it").inputValue()).toBe("private");
    await isRefused(page.url().replace("/videos/", "/watch/"));
    expect(await barriers(viewer.page)).toEqual([]);
  });

  step("another creator is refused it, and does not find it among the own videos", async () => {
    await another.page.goto(url);
    await signIn(another.page, ANOTHER_USER);
    await rowOf(another.page, "Somebody else's at the sea").waitFor();
    expect(await rowOf(another.page, title).count()).toBe(0);
    await isRefused(page.url(), another);
    await isRefused(page.url().replace("/videos/", "/watch/"), another);
  });

  step("a public video is watched without an account, with its sound, on a phone", async () => {
    await page.getByLabel("Description").fill("Waves,\nand wind.");
    await show("everybody");
    await viewer.page.goto(await copiedLink());
    await playFor(viewer.page, 2);
    expect(await viewer.page.title()).toBe(`${title} · StreamFlow`);
    expect(await viewer.page.getByText("Waves,").isVisible()).toBe(true);
    expect(Math.abs((await heard(viewer.page)) - TONE_HZ)).toBeLessThan(20);
    expect(await viewer.page.evaluate("document.scrollingElement.scrollWidth")).toBe(360);
    expect(await viewer.page.evaluate(CONTROLS_OUTSIDE)).toEqual([]);
    expect(await viewer.page.locator("media-fullscreen-button").isVisible()).toBe(true);
    expect(await viewer.page.locator("media-audio-track-menu-button").isVisible()).toBe(true);
    expect(await viewer.page.locator("media-captions-menu-button").isVisible()).toBe(true);
    expect(await barriers(viewer.page)).toEqual([]);
    await keepPicture(viewer.page, "watch-phone");
  });

  step("another creator watches it, and may change nothing", async () => {
    await another.page.goto(page.url().replace("/videos/", "/watch/"));
    await playFor(another.page, 1);
    await another.page.getByRole("button", { name: "Copy link" }).waitFor();
    expect(await another.page.getByRole("link", { name: "Edit" }).count()).toBe(0);
    await isRefused(page.url(), another);
  });

  step("the player shows the poster, and subtitles that are chosen from its menu", async () => {
    const { page: watching } = watcher;
    const loaded = watching.waitForResponse(/poster\.jpg/);
    await watching.goto(page.url().replace("/videos/", "/watch/"));
    const poster = await loaded;
    expect([poster.status(), poster.headers()["content-type"]]).toEqual([200, "image/jpeg"]);
    const shown = await videoOf(watching).evaluate(
      ({ poster: source, currentTime }: { poster: string; currentTime: number }) => [source, currentTime],
    );
    expect(shown).toEqual([poster.url(), 0]);
    await keepPicture(watching, "player-poster");
    await watching.locator("media-controller").hover();
    await watching.locator("media-captions-menu-button").click();
    await watching.getByRole("menuitemradio", { name: "English" }).click();
    await playFor(watching, 1);
    await until("a subtitle is shown", async () =>
      (await watching.evaluate<string[]>(SHOWN_CUES)).includes(SUBTITLE),
    );
    await keepPicture(watching, "player-subtitles");
  });

  step(
    "the viewer chooses quality and speed, and sees picture and chapter where the cursor would seek",
    async () => {
      const { page: watching } = watcher;
      await watching.locator("media-controller").hover();
      await watching.locator("media-rendition-menu-button").click();
      const qualities = watching.getByRole("menuitemradio");
      await qualities.filter({ hasText: "144p" }).click();
      const height = () =>
        videoOf(watching).evaluate(({ videoHeight }: { videoHeight: number }) => videoHeight);
      await until("the picture has 144 lines", async () => (await height()) === 144);
      await watching.locator("media-playback-rate-menu-button").click();
      await watching.getByRole("menuitemradio", { name: "2x", exact: true }).click();
      expect(
        await videoOf(watching).evaluate(({ playbackRate }: { playbackRate: number }) => playbackRate),
      ).toBe(2);
      await watching.locator("media-time-range").hover();
      await watching.locator("media-preview-thumbnail").waitFor();
      await watching.locator("media-preview-chapter-display").getByText("The only chapter").waitFor();
      await keepPicture(watching, "watch");
    },
  );

  step("the keyboard plays, pauses and mutes", async () => {
    const { page: watching } = watcher;
    const state = () =>
      videoOf(watching).evaluate(({ paused, muted }: { paused: boolean; muted: boolean }) => ({
        paused,
        muted,
      }));
    await videoOf(watching).evaluate((element: { currentTime: number; pause(): void }) => {
      element.currentTime = 0;
      element.pause();
    });
    await watching.locator("media-play-button").focus();
    await watching.keyboard.press("k");
    expect(await state()).toMatchObject({ paused: false });
    await watching.keyboard.press("m");
    expect(await state()).toMatchObject({ muted: true });
    await watching.keyboard.press("k");
    expect(await state()).toMatchObject({ paused: true });
  });

  step("the viewer downloads the video as a file, with both sounds", async () => {
    const { page: watching } = watcher;
    const begun = watching.waitForEvent("download");
    await watching.getByRole("link", { name: /^Download \([\d.]+ MB\)$/ }).click();
    const download = await begun;
    expect(download.suggestedFilename()).toBe("video.mp4");
    const { streams } = ffprobe("-show_streams", await download.path()) as {
      readonly streams: readonly { readonly codec_name: string; readonly duration: string }[];
    };
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(["h264", "aac", "aac"]);
    for (const { duration } of streams) expect(Math.abs(Number(duration) - 20)).toBeLessThan(0.5);
  });

  step("the link of a public video shows services that run no scripts what it is", async () => {
    const link = await copiedLink();
    expect(link).toBe(page.url().replace("/videos/", "/v/"));
    const tags = await tagsOf(link);
    expect(tags).toMatchObject({
      description: "Waves, and wind.",
      "og:title": title,
      "og:url": link,
      "og:video": link.replace("/v/", "/embed/"),
    });
    const poster = await fetch(tags["og:image"] ?? "");
    expect([poster.status, poster.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
  });

  step("another site shows the public video in a frame without cookies, with picture and sound", async () => {
    const site = await otherSite(await copied("Copy embed code", "The embed code was copied."));
    const stranger = await openBrowser({ locale: "pt-BR", viewport: { width: 700, height: 420 } });
    try {
      stranger.page.setDefaultTimeout(DEADLINE_MS);
      await stranger.page.goto(site.url);
      const frame = await framed(stranger.page);
      await frame.locator("media-play-button").click();
      await playFor(frame, 2);
      expect(await barriers(frame)).toEqual([]);
      expect(await frame.evaluate<number>(COLOURS)).toBeGreaterThan(8);
      expect(Math.abs((await heard(frame)) - TONE_HZ)).toBeLessThan(20);
      const previewed = stranger.page.waitForResponse(/sprite\.jpg\?/);
      await frame.locator("media-time-range").hover();
      expect((await previewed).status()).toBe(200);
      await frame.locator("media-preview-chapter-display").getByText("The only chapter").waitFor();
      await keepPicture(stranger.page, "embedded");
      await frame.locator("media-play-button").focus();
      await stranger.page.keyboard.press("m");
      expect(await videoOf(frame).evaluate(({ muted }: { muted: boolean }) => muted)).toBe(true);
      expect(await stranger.context.cookies()).toEqual([]);
      expect(stranger.faults).toEqual([]);
    } finally {
      await stranger.close();
      site.close();
    }
  });

  step("the stream is refused to a frame that does not add the signature", async () => {
    const id = page.url().split("/").at(-1) ?? "";
    const site = await otherSite(`<iframe src="${url}/embed/${id}"></iframe>`);
    const stranger = await openBrowser({ locale: "pt-BR", viewport: { width: 700, height: 420 } });
    try {
      await stranger.page.route(/\/playback$/, async (route) => {
        const answer = (await (await route.fetch()).json()) as object;
        await route.fulfill({ json: { ...answer, query: "" } });
      });
      const refused = stranger.page.waitForResponse(/master\.m3u8/, { timeout: DEADLINE_MS });
      await stranger.page.goto(site.url);
      expect((await refused).status()).toBe(403);
    } finally {
      await stranger.close();
      site.close();
    }
  });

  step("no other page of the product is shown in a frame of another site", async () => {
    const id = page.url().split("/").at(-1) ?? "";
    const stranger = await openBrowser({ locale: "en-US", viewport: { width: 700, height: 420 } });
    const shownAt = async (path: string): Promise<string> => {
      const site = await otherSite(`<iframe src="${url}${path}"></iframe>`);
      await stranger.page.goto(site.url);
      const frame = await framed(stranger.page);
      site.close();
      return frame.url();
    };
    try {
      for (const path of ["/", `/watch/${id}`, `/videos/${id}`, `/v/${id}`, `/api/media/${id}`]) {
        expect([path, await shownAt(path)]).toEqual([path, REFUSED_FRAME]);
      }
      expect(await shownAt(`/embed/${id}`)).toBe(`${url}/embed/${id}`);
      // Nothing but a player is at addresses that may be framed, whatever follows.
      for (const path of ["/embed/", "/embed/x", `/embed/x#/videos/${id}`, `/embed/${id.toUpperCase()}`]) {
        await stranger.page.goto("about:blank");
        await stranger.page.goto(`${url}${path}`);
        await stranger.page.locator("main.embed").waitFor();
        expect(await stranger.page.getByRole("button", { name: "Sign in" }).count()).toBe(0);
      }
    } finally {
      await stranger.close();
    }
  });

  step("in the dark, every page can be read", async () => {
    const video = page.url();
    for (const { page: dark } of [creator, watcher]) await dark.emulateMedia({ colorScheme: "dark" });
    const shown: readonly (readonly [string, Page, string, string])[] = [
      ["library", page, url, "Videos"],
      ["watch", page, video.replace("/videos/", "/watch/"), title],
      ["video", page, video, title],
      ["sign-in", watcher.page, url, "StreamFlow"],
    ];
    for (const [name, at, address, heading] of shown) {
      await at.goto(address);
      await at.getByRole("heading", { name: heading, exact: true }).waitFor();
      if (address.includes(video.split("/").at(-1) ?? "")) await videoOf(at).waitFor();
      expect([name, await at.evaluate(GROUND)]).toEqual([name, "rgb(18, 20, 26)"]);
      expect([name, await barriers(at)]).toEqual([name, []]);
      await keepPicture(at, `dark-${name}`);
    }
    // Text that is hardly lighter than its ground is found.
    await watcher.page.evaluate("document.documentElement.style.setProperty('--ink', '#2b2f38')");
    expect((await barriers(watcher.page)).join()).toContain("color-contrast");
    for (const { page: dark } of [creator, watcher]) await dark.emulateMedia({ colorScheme: null });
  });

  step("a viewer whose browser speaks Portuguese reads it, on the watch page and in a frame", async () => {
    const reader = await openBrowser({ locale: "pt-BR", ...PHONE });
    try {
      reader.context.setDefaultTimeout(DEADLINE_MS);
      for (const [view, button] of [
        ["watch", "Copiar link"],
        ["embed", "reproduzir"],
      ] as const) {
        await reader.page.goto(page.url().replace("/videos/", `/${view}/`));
        await videoOf(reader.page).waitFor();
        await reader.page.getByRole("button", { name: button }).waitFor();
        expect(await reader.page.locator("media-play-button").getAttribute("aria-label")).toBe("reproduzir");
        expect(await reader.page.evaluate("document.documentElement.lang")).toBe("pt-BR");
        expect(await reader.page.evaluate(CONTROLS_OUTSIDE)).toEqual([]);
        expect(await barriers(reader.page)).toEqual([]);
        await keepPicture(reader.page, `${view}-portuguese`);
      }
      expect(reader.faults).toEqual([]);
    } finally {
      await reader.close();
    }
  });

  step("an unlisted video is only shown by its link, until there is another link", async () => {
    const address = page.url().replace("/videos/", "/watch/");
    await show("everybody with the link");
    await isRefused(address);
    expect(await tagsOf(address.replace("/watch/", "/v/"))).not.toHaveProperty("og:title");
    const link = await copiedLink();
    expect(link).toContain("?share=");
    expect(await tagsOf(link)).toMatchObject({ "og:title": title, robots: "noindex" });
    await viewer.page.goto(link);
    await playFor(viewer.page, 1);
    await page.getByRole("button", { name: "New link" }).click();
    await page.getByText("Saved.").waitFor();
    await isRefused(link);
  });

  step("a creator who signs out in one tab is signed out in the other", async () => {
    const other = await creator.context.newPage();
    await other.goto(url);
    await other.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor({ timeout: DEADLINE_MS });
    await other.close();
  });

  test("violates no content security policy", () =>
    expect([creator, another, viewer, watcher].flatMap(({ faults }) => faults)).toEqual([]));
}
