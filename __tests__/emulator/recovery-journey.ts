import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { SAMPLE_USER } from "../../cli/start/sample-user";
import { failureReason } from "../../handlers/media/failure-reasons";
import { until } from "../../packages/cli-kit/wait-until";
import { WORDS } from "../../web/src/words";
import { barriers } from "../support/accessibility";
import { type Browser, closeAll, DESKTOP, keepPicture, openBrowser, PHONE } from "../support/browser";
import { DEADLINE_MS } from "../support/deadline";
import { ANOTHER_USER, type Credentials, signedIn } from "./accounts";
import { playFor, rowOf, signIn, startUpload, stepsInTurn } from "./console-actions";
import { largeClip } from "./large-clip";
import { inDatabase } from "./local-database";
import { firstStored, networkOf, recordParts } from "./sent-parts";

const MEBIBYTE = 1024 * 1024;
/** Videos of a creator on a page of the console. */
const PAGE_SIZE = 20;

interface Recovery {
  readonly serving: () => Promise<string>;
  readonly endpoint: () => string;
  /** Name of the run, with the database of the product. */
  readonly run: string;
}

/**
 * What a creator does when something went wrong: an upload that goes on with another device, videos that failed, and
 * pages without network. Each step continues where the one before ended.
 */
export function recoveryJourney({ serving, endpoint, run }: Recovery): void {
  const title = "Moved";
  let url: string;
  let folder: string;
  let clip: string;
  let creator: Browser;
  let phone: Browser;
  let another: Browser;
  let page: Page;

  const step = stepsInTurn();
  const enter = async (browser: Browser, user: Credentials): Promise<void> => {
    await browser.page.goto(url);
    await signIn(browser.page, user);
    await browser.page.getByRole("heading", { name: "Upload a video" }).waitFor();
  };
  /** Does something without network, sees the error, and sees it go when the network is back. */
  const withoutNetwork = async (work: () => Promise<unknown>): Promise<void> => {
    await creator.context.setOffline(true);
    await work();
    await page.getByRole("alert").filter({ hasText: WORDS.en.errors.offline }).waitFor();
    await creator.context.setOffline(false);
    await page.getByRole("alert").waitFor({ state: "detached" });
  };

  beforeAll(async () => {
    url = await serving();
    folder = mkdtempSync(join(tmpdir(), "streamflow-clip-"));
    clip = join(folder, "clip.mp4");
    writeFileSync(clip, largeClip(80 * MEBIBYTE));
    creator = await openBrowser({ locale: "en-US", ...DESKTOP });
    another = await openBrowser({ locale: "en-US", ...DESKTOP });
    phone = await openBrowser({ locale: "en-US", ...PHONE });
    page = creator.page;
    for (const { context } of [creator, another, phone]) context.setDefaultTimeout(DEADLINE_MS);
  });

  afterAll(() => closeAll([creator, another, phone], folder));

  step(
    "an upload that another device began continues with what is missing, of a file of its size",
    async () => {
      await enter(creator, SAMPLE_USER);
      const first = recordParts(page);
      await (await networkOf(page)).slow();
      await startUpload(page, { file: clip, title });
      await firstStored(page);
      const tab = page;
      page = await creator.context.newPage();
      await tab.close();

      const second = recordParts(phone.page);
      await enter(phone, SAMPLE_USER);
      const file = phone.page.getByLabel(/^The upload is not finished.*: Moved$/);
      const other = join(folder, "other.mp4");
      writeFileSync(other, largeClip(MEBIBYTE));
      await file.setInputFiles(other);
      await phone.page.getByText("This is not the file of this upload.").waitFor();
      expect(await barriers(phone.page)).toEqual([]);
      await keepPicture(phone.page, "phone-another-file");
      await file.setInputFiles(clip);
      await rowOf(phone.page, title).getByText("ready", { exact: true }).waitFor();
      expect(first.stored.length).toBeGreaterThan(0);
      expect(second.asked.length).toBeGreaterThan(0);
      expect(second.asked.filter((number) => first.stored.includes(number))).toEqual([]);
    },
  );

  step(
    "a video that can't be processed says why in plain words, and is not offered another try",
    async () => {
      const text = join(folder, "notes.mp4");
      writeFileSync(text, "These are notes, and not a video.\n".repeat(100));
      await page.goto(url);
      await startUpload(page, { file: text, title: "Notes" });
      const row = rowOf(page, "Notes");
      await row.getByText(failureReason("text")).waitFor();
      await row.getByText("failed", { exact: true }).waitFor();
      expect(await row.getByRole("button", { name: /^Try again/ }).count()).toBe(0);
      expect(await barriers(page)).toEqual([]);
      await keepPicture(page, "failed");
      await page.getByLabel("Language").selectOption("pt");
      await row.getByText(WORDS.pt.failures.text).waitFor();
      expect(await row.getByRole("button", { name: /^Tentar de novo/ }).count()).toBe(0);
      await keepPicture(page, "failed-portuguese");
      await page.getByLabel("Idioma").selectOption("en");
    },
  );

  step("one that failed on our side is tried again, with its progress, and gets ready", async () => {
    const where = "WHERE title = $1 AND status = $2";
    const changes = [
      ["ready", `UPDATE media SET status = 'processing', playback_path = NULL ${where}`, []],
      ["processing", `UPDATE media SET status = 'failed', failure_reason = $3 ${where}`, ["interrupted"]],
    ] as const;
    for (const [from, sql, reasons] of changes) {
      expect(await inDatabase(run, sql, [title, from, ...reasons.map((code) => failureReason(code))])).toBe(
        1,
      );
    }
    await page.getByRole("button", { name: "Refresh" }).click();
    const row = rowOf(page, title);
    await row.getByText(failureReason("interrupted")).waitFor();
    await page.getByLabel("Language").selectOption("pt");
    await row.getByText(WORDS.pt.failures.interrupted).waitFor();
    await row.getByRole("button", { name: `Tentar de novo: ${title}` }).waitFor();
    await page.getByLabel("Idioma").selectOption("en");
    await row.getByRole("button", { name: `Try again: ${title}` }).click();
    await row.getByText(/^(uploaded, waiting for a processor|processing)$/).waitFor();
    await row.getByText(failureReason("interrupted")).waitFor({ state: "detached" });
    await row.getByText("ready", { exact: true }).waitFor();
    expect(await row.getByRole("button", { name: /^Try again/ }).count()).toBe(0);
  });

  step("errors go by themselves when the network is back: library, video and player", async () => {
    await page.getByRole("heading", { name: title }).waitFor();
    await withoutNetwork(() => page.getByRole("button", { name: "Refresh" }).click());
    await rowOf(page, title).waitFor();
    // The player's scripts have not been loaded on this page.
    await withoutNetwork(() =>
      rowOf(page, title)
        .getByRole("link", { name: `Play: ${title}` })
        .click(),
    );
    await playFor(page, 0.5);
    // It has neither subtitles nor two sounds.
    expect(await page.locator("media-captions-menu-button").isVisible()).toBe(false);
    expect(await page.locator("media-audio-track-menu-button").isVisible()).toBe(false);
  });

  step("so do those of the watch page", async () => {
    await page.goto(page.url().replace("/videos/", "/watch/"));
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByRole("heading", { name: "Details" }).waitFor();
    await withoutNetwork(() => page.evaluate("history.back()"));
    await page.getByRole("link", { name: "Edit" }).waitFor();
    await playFor(page, 0.5);
  });

  step("without the player's scripts, it says that the page must be reloaded, and plays then", async () => {
    await page.goto(url);
    const scripts = /player-parts/;
    await page.route(scripts, (route) => route.abort("internetdisconnected"));
    await rowOf(page, title)
      .getByRole("link", { name: `Play: ${title}` })
      .click();
    await page.getByRole("alert").filter({ hasText: WORDS.en.playback.interrupted }).waitFor();
    await page.unroute(scripts);
    await page.reload();
    await playFor(page, 0.5);
  });

  step("more than a page of videos is shown, and stays when the network comes back", async () => {
    const { token } = await signedIn({ url, endpoint: endpoint() }, ANOTHER_USER);
    const { sub } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
      sub: string;
    };
    const added = await inDatabase(
      run,
      `INSERT INTO media (title, content_type, size_bytes, status, failure_reason, owner)
        SELECT 'Old ' || number, 'video/mp4', 1, 'failed', $1, $2 FROM generate_series(1, $3) AS number`,
      [failureReason("aborted"), sub, 2 * PAGE_SIZE + 5],
    );
    expect(added).toBe(2 * PAGE_SIZE + 5);
    const rows = another.page.getByRole("button", { name: /^Delete: / });
    const shown = (count: number) =>
      until(`${count} videos are shown`, async () => (await rows.count()) === count, {
        details: async () => `${await rows.count()} are`,
      });
    await enter(another, ANOTHER_USER);
    await shown(PAGE_SIZE);
    const more = another.page.getByRole("button", { name: "Show more" });
    await more.click();
    await shown(2 * PAGE_SIZE);
    await inDatabase(run, "UPDATE media SET title = title || ' again' WHERE title LIKE 'Old %'", []);
    await another.context.setOffline(true);
    await another.context.setOffline(false);
    const again = another.page.getByRole("heading", { name: / again$/ });
    await until("both pages are read again", async () => (await again.count()) === 2 * PAGE_SIZE);
    await shown(2 * PAGE_SIZE);
    await more.click();
    await more.waitFor({ state: "detached" });
    const titles = await another.page.locator(".video > div > h3").allTextContents();
    expect(titles).toEqual(expect.arrayContaining(["Old 1 again", "Old 21 again", "Old 45 again"]));
    expect(new Set(titles).size).toBe(titles.length);
  });

  step("the videos are deleted", async () => {
    await page.goto(url);
    for (const name of [title, "Notes"]) {
      await page.getByRole("button", { name: `Delete: ${name}` }).click();
      const question = page.getByRole("dialog", { name: `Delete: ${name}` });
      await question.getByRole("button", { name: "Delete" }).click();
      await rowOf(page, name).waitFor({ state: "detached" });
    }
    expect(await inDatabase(run, "DELETE FROM media WHERE title LIKE 'Old %'", [])).toBe(2 * PAGE_SIZE + 5);
  });

  test("violates no content security policy", () =>
    expect([creator, another, phone].flatMap(({ faults }) => faults)).toEqual([]));
}
