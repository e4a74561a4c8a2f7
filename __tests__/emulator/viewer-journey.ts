import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { until } from "../../packages/cli-kit/wait-until";
import { SAMPLE_USER } from "../../cli/start/sample-user";
import { type Browser, keepPicture, openBrowser } from "../support/browser";
import { ffprobe } from "../../harness/clips";
import { barriers } from "../support/accessibility";
import { DEADLINE_MS } from "../support/deadline";
import { COLOURS, framed, otherSite, REFUSED_FRAME } from "./other-site";
import {
  heard,
  makeClip,
  playFor,
  rowOf,
  signIn,
  startUpload,
  stepsInTurn,
  TONE_HZ,
  videoOf,
} from "./console-actions";

/**
 * A creator shows a video to viewers who have no account, and uploads through a lost network and a closed tab. Each step
 * continues where the one before ended.
 */
export function viewerJourney(serving: () => Promise<string>): void {
  const title = "A day at the sea";
  let url: string;
  let folder: string;
  let clip: string;
  let creator: Browser;
  let viewer: Browser;
  let page: Page;

  const step = stepsInTurn();

  beforeAll(async () => {
    url = await serving();
    folder = mkdtempSync(join(tmpdir(), "streamflow-clip-"));
    clip = join(folder, "clip.mp4");
    makeClip(clip);
    creator = await openBrowser({ locale: "en-US", viewport: { width: 1100, height: 800 } });
    viewer = await openBrowser({ locale: "en-US", viewport: { width: 360, height: 740 } });
    await creator.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    page = creator.page;
    for (const { page: one } of [creator, viewer]) one.setDefaultTimeout(DEADLINE_MS);
  });

  afterAll(async () => {
    await creator?.close();
    await viewer?.close();
    rmSync(folder, { recursive: true, force: true });
  });

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
  const isRefused = async (link: string): Promise<void> => {
    await viewer.page.goto(link);
    await viewer.page.getByRole("alert").waitFor();
    expect(await viewer.page.getByRole("alert").textContent()).toBe(
      "This video does not exist, or you may not see it.",
    );
  };

  step("an upload waits for a lost network, and continues", async () => {
    await page.goto(url);
    await signIn(page, SAMPLE_USER);
    let held = true;
    await page.route(/partNumber=2/, (route) =>
      held ? route.abort("internetdisconnected") : route.continue(),
    );
    await startUpload(page, { file: clip, title });
    const upload = page.getByRole("listitem").filter({ hasText: title });
    await upload.getByText("no connection: continues when it is back").waitFor();
    await keepPicture(page, "upload-offline");
    held = false;
    await page.evaluate("dispatchEvent(new Event('online'))");
    await upload.getByText("keep this page open").waitFor({ state: "detached" });
    await page.unroute(/partNumber=2/);
    await rowOf(page, title).getByText("ready", { exact: true }).waitFor();
  });

  step("an upload is paused, its tab closed, and it continues in another", async () => {
    await page.route(/partNumber=2/, () => undefined);
    await startUpload(page, { file: clip, title: "In two parts" });
    await page.getByRole("button", { name: "Pause: In two parts" }).click();
    await page.getByText("paused", { exact: false }).waitFor();
    const other = await creator.context.newPage();
    await page.close();
    page = other;
    page.setDefaultTimeout(DEADLINE_MS);
    await page.goto(url);
    // Tabs share the session.
    const file = page.getByLabel(/^The upload is not finished.*: In two parts$/);
    await file.setInputFiles(clip);
    await rowOf(page, "In two parts").getByText("ready", { exact: true }).waitFor();
  });

  step("two files are uploaded one after the other", async () => {
    const second = join(folder, "second.mp4");
    makeClip(second);
    await page.getByLabel("Video file").setInputFiles([clip, second]);
    await page.getByLabel(/^Title: clip\.mp4/).fill("First of two");
    await page.getByLabel(/^Title: second\.mp4/).fill("Second of two");
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    await page.getByText("waits for the upload before it").waitFor();
    await keepPicture(page, "two-uploads");
    for (const one of ["First of two", "Second of two"]) {
      await rowOf(page, one)
        .getByText(/^(uploaded|processing|ready)/)
        .first()
        .waitFor();
    }
  });

  step("shows a poster in the list, and filters it by status", async () => {
    const picture = rowOf(page, title).locator("img");
    await page.getByRole("button", { name: "Refresh" }).click();
    await picture.waitFor();
    const width = () => picture.evaluate(({ naturalWidth }: { naturalWidth: number }) => naturalWidth);
    await expect(width()).resolves.toBeGreaterThan(0);
    await page.getByLabel("Status").selectOption({ label: "failed" });
    await rowOf(page, title).waitFor({ state: "detached" });
    await page.getByLabel("Status").selectOption({ label: "every status" });
    await rowOf(page, title).waitFor();
    expect(await barriers(page)).toEqual([]);
    await keepPicture(page, "library");
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

  step("a public video is watched without an account, with its sound, on a phone", async () => {
    await page.getByLabel("Description").fill("Waves,\nand wind.");
    await show("everybody");
    await viewer.page.goto(await copiedLink());
    await playFor(viewer.page, 2);
    expect(await viewer.page.title()).toBe(`${title} · StreamFlow`);
    expect(await viewer.page.getByText("Waves,").isVisible()).toBe(true);
    expect(Math.abs((await heard(viewer.page)) - TONE_HZ)).toBeLessThan(20);
    expect(await viewer.page.evaluate("document.scrollingElement.scrollWidth")).toBe(360);
    expect(await barriers(viewer.page)).toEqual([]);
    await keepPicture(viewer.page, "watch-phone");
  });

  step(
    "the viewer chooses quality and speed, and sees picture and chapter where the cursor would seek",
    async () => {
      const { page: watching } = viewer;
      await watching.setViewportSize({ width: 1100, height: 800 });
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
    const { page: watching } = viewer;
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

  step("the viewer downloads the video as a file, with its sound", async () => {
    const { page: watching } = viewer;
    const begun = watching.waitForEvent("download");
    await watching.getByRole("link", { name: /^Download \([\d.]+ MB\)$/ }).click();
    const download = await begun;
    expect(download.suggestedFilename()).toBe("video.mp4");
    const { streams } = ffprobe("-show_streams", await download.path()) as {
      readonly streams: readonly { readonly codec_name: string; readonly duration: string }[];
    };
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(["h264", "aac"]);
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

  step("videos are deleted one after the other, also one that is being processed", async () => {
    await page.goto(url);
    await rowOf(page, title).waitFor();
    for (const name of [title, "In two parts", "First of two", "Second of two", "Deixado"]) {
      const row = rowOf(page, name);
      if ((await row.count()) === 0) continue;
      await row.getByRole("button", { name: `Delete: ${name}` }).click();
      const dialog = page.getByRole("dialog", { name: `Delete: ${name}` });
      await dialog.getByRole("button", { name: "Delete" }).click();
      await row.waitFor({ state: "detached" });
    }
  });

  step("a creator who signs out in one tab is signed out in the other", async () => {
    const other = await creator.context.newPage();
    await other.goto(url);
    await other.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor({ timeout: DEADLINE_MS });
    await other.close();
  });

  test("violates no content security policy", () =>
    expect([...creator.faults, ...viewer.faults]).toEqual([]));
}
