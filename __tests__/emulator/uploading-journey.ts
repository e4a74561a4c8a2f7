import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { SAMPLE_USER } from "../../cli/start/sample-user";
import { partsOf } from "../../handlers/media/limits";
import { until } from "../../packages/cli-kit/wait-until";
import { barriers } from "../support/accessibility";
import { type Browser, closeAll, type Device, keepPicture, openBrowser } from "../support/browser";
import { DEADLINE_MS } from "../support/deadline";
import { rowOf, signIn, startUpload, stepsInTurn } from "./console-actions";
import { largeClip } from "./large-clip";
import { firstStored, networkOf, recordParts } from "./sent-parts";

const MEBIBYTE = 1024 * 1024;
/** Bytes of a clip, of which much is not sent when the first part is stored; three parts are sent at once. */
const SIZE = 80 * MEBIBYTE;
const PARTS = partsOf(SIZE).map(({ partNumber }) => partNumber);

/**
 * A creator's uploads, with what interrupts them, and what a creator does with the videos, on a device. Each step
 * continues where the one before ended, and the last one deletes the videos.
 */
export function uploadingJourney(name: string, device: Device, serving: () => Promise<string>): void {
  /** The devices' videos have different titles, so that one device does not see what another has left. */
  const titled = (title: string): string => `${title} (${name})`;
  const hostile = titled(`<img src=x onerror="alert(1)"> & "Waves"`);
  const cutOff = titled("Cut off");
  const interrupted = titled("Closed");
  const [first, second] = [titled("First of two"), titled("Second of two")];
  const { width } = device.viewport;
  let url: string;
  let folder: string;
  let clip: string;
  let browser: Browser;
  let page: Page;
  const dialogs: string[] = [];

  const step = stepsInTurn();
  const picture = (of: string): Promise<void> => keepPicture(page, `${name}-${of}`);
  const upload = (title: string): Locator => page.getByRole("listitem").filter({ hasText: title });
  const deleteButton = (title: string): Locator =>
    rowOf(page, title).getByRole("button", { name: /^Delete/ });
  /** What is shown fits the screen, and is accessible. */
  const isUsable = async (): Promise<void> => {
    expect(await page.evaluate("document.scrollingElement.scrollWidth")).toBe(width);
    expect(await barriers(page)).toEqual([]);
  };

  beforeAll(async () => {
    url = await serving();
    folder = mkdtempSync(join(tmpdir(), "streamflow-clip-"));
    clip = join(folder, "clip.mp4");
    writeFileSync(clip, largeClip(SIZE));
    browser = await openBrowser({ locale: "en-US", ...device });
    await browser.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    browser.context.setDefaultTimeout(DEADLINE_MS);
    browser.context.on("dialog", (dialog) => {
      dialogs.push(dialog.type());
      void dialog.accept();
    });
    page = browser.page;
  });

  afterAll(() => closeAll([browser], folder));

  step("a creator signs in", async () => {
    await page.goto(url);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    await isUsable();
    await picture("sign-in");
    await signIn(page, SAMPLE_USER);
    await page.getByRole("heading", { name: "Upload a video" }).waitFor();
    await isUsable();
  });

  step("an upload waits while the network is lost, and sends nothing twice that is stored", async () => {
    const [parts, network] = [recordParts(page), await networkOf(page)];
    await network.slow();
    await startUpload(page, { file: clip, title: cutOff });
    await firstStored(page);
    await network.cut();
    await upload(cutOff).getByText("no connection: continues when it is back").waitFor();
    const [before, asked] = [[...parts.stored], parts.asked.length];
    await until("parts under way are lost", () => parts.lost.length > 0);
    expect(before.length).toBeLessThan(PARTS.length);
    await isUsable();
    await picture("upload-offline");
    await network.restore();
    await rowOf(page, cutOff).getByText("ready", { exact: true }).waitFor();
    expect(parts.asked.slice(asked).filter((number) => before.includes(number))).toEqual([]);
    expect([...parts.stored].sort((one, other) => one - other)).toEqual(PARTS);
  });

  step("a tab is closed while it sends, and another continues with what is missing", async () => {
    const before = recordParts(page);
    await (await networkOf(page)).slow();
    await startUpload(page, { file: clip, title: interrupted });
    await firstStored(page);
    const closed = page.waitForEvent("close");
    await page.close({ runBeforeUnload: true });
    await closed;
    expect(dialogs.splice(0)).toEqual(["beforeunload"]);
    page = await browser.context.newPage();
    const after = recordParts(page);
    await page.goto(url);
    // Tabs share the session.
    const file = page.getByLabel(/^The upload is not finished/).and(page.getByLabel(interrupted));
    await file.waitFor();
    await isUsable();
    await picture("unfinished-upload");
    await file.setInputFiles(clip);
    await rowOf(page, interrupted).getByText("ready", { exact: true }).waitFor();
    expect(before.stored.length).toBeGreaterThan(0);
    expect(after.asked.filter((number) => before.stored.includes(number))).toEqual([]);
    expect(after.asked.length).toBeGreaterThan(0);
  });

  step("two files are uploaded one after the other", async () => {
    const files = ["first.mp4", "second.mp4"].map((file) => join(folder, file));
    // The first is sent for so long that the page can be looked at.
    for (const [index, size] of [SIZE, 9 * MEBIBYTE].entries())
      writeFileSync(files[index] ?? "", largeClip(size));
    const network = await networkOf(page);
    await network.slow();
    await page.getByLabel("Video file").setInputFiles(files);
    await page.getByLabel(/^Title: first\.mp4/).fill(first);
    await page.getByLabel(/^Title: second\.mp4/).fill(second);
    await isUsable();
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    await upload(second).getByText("waits for the upload before it").waitFor();
    await picture("two-uploads");
    await network.restore();
    for (const one of [first, second]) {
      await rowOf(page, one)
        .getByText(/^(uploaded|processing|ready)/)
        .first()
        .waitFor();
    }
  });

  step("the list is filtered by status", async () => {
    await page.getByLabel("Status").selectOption({ label: "failed" });
    await rowOf(page, cutOff).waitFor({ state: "detached" });
    await page.getByLabel("Status").selectOption({ label: "ready" });
    await rowOf(page, cutOff).waitFor();
    await page.getByLabel("Status").selectOption({ label: "every status" });
    await rowOf(page, second).waitFor();
    await picture("library");
  });

  step("title and visibility are changed, and the title is text wherever it is shown", async () => {
    await rowOf(page, cutOff)
      .getByRole("link", { name: `Play: ${cutOff}` })
      .click();
    await page.getByLabel("Title").fill(hostile);
    await page.getByLabel("Who may see it").selectOption({ label: "everybody" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByRole("heading", { name: hostile, level: 1 }).waitFor();
    await isUsable();
    await picture("video");
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("The link was copied.").waitFor();
    const link = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(link).toBe(page.url().replace("/videos/", "/v/"));
    await page.goto(link);
    await page.getByRole("heading", { name: hostile, level: 1 }).waitFor();
    const tab = `${hostile} · StreamFlow`;
    await until("the tab has the title", async () => (await page.title()) === tab, {
      details: () => page.title(),
    });
    await isUsable();
    await page.goto(url);
    await rowOf(page, hostile).waitFor();
    await deleteButton(hostile).click();
    const question = page.getByRole("dialog", { name: `Delete: ${hostile}` });
    await question.getByRole("heading", { name: hostile }).waitFor();
    await question.getByRole("button", { name: "Keep it" }).click();
    expect(await page.locator("img[src=x]").count()).toBe(0);
    expect(dialogs).toEqual([]);
  });

  step("the videos are deleted", async () => {
    for (const title of [hostile, interrupted, first, second]) {
      await deleteButton(title).click();
      const question = page.getByRole("dialog", { name: `Delete: ${title}` });
      await question.getByRole("button", { name: "Delete" }).click();
      await rowOf(page, title).waitFor({ state: "detached" });
    }
  });

  test("violates no content security policy", () => expect(browser.faults).toEqual([]));
}
