import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { fetchApi } from "../../cli/start/creator";
import { SAMPLE_USER } from "../../cli/start/sample-user";
import { DEADLINE_MS } from "../support/deadline";
import { type Browser, closeAll, DESKTOP, keepPicture, openBrowser, PHONE } from "../support/browser";
import { barriers } from "../support/accessibility";
import { type Place, registerOfAnother, signedIn } from "./accounts";
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

const MEBIBYTE = 1024 * 1024;

/** Titles and ids of the sample user's videos. */
async function ownVideos(place: Place): Promise<readonly { id: string; title: string }[]> {
  const creator = await signedIn(place, SAMPLE_USER);
  const page = await fetchApi<{ items: { id: string; title: string }[] }>(creator, {
    method: "GET",
    path: "/me/media?limit=100",
  });
  return page.items;
}

/** A creator's way through the console; each step continues where the one before ended. */
export function consoleJourney(serving: () => Promise<string>, endpoint: () => string): void {
  let browser: Browser;
  let page: Page;
  let url: string;
  let folder: string;
  let clip: string;
  let segment = "";
  const title = "Twenty seconds";
  const row = (): Locator => rowOf(page, title);
  const place = (): Place => ({ url, endpoint: endpoint() });

  beforeAll(async () => {
    url = await serving();
    folder = mkdtempSync(join(tmpdir(), "streamflow-clip-"));
    clip = join(folder, "clip.mp4");
    makeClip(clip);
    browser = await openBrowser({ locale: "en-US", ...DESKTOP });
    page = browser.page;
    page.setDefaultTimeout(DEADLINE_MS);
  });

  afterAll(() => closeAll([browser], folder));

  const step = stepsInTurn();

  step("rejects a wrong password with a message", async () => {
    await page.goto(url);
    await signIn(page, { email: SAMPLE_USER.email, password: "Not-the-password-1" });
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toBe("Wrong e-mail or password.");
    expect(await barriers(page)).toEqual([]);
    await keepPicture(page, "sign-in");
  });

  step("signs a creator in by the keyboard alone", async () => {
    await page.getByLabel("E-mail").fill("");
    await page.getByLabel("E-mail").press("a");
    await page.getByLabel("E-mail").fill(SAMPLE_USER.email);
    await page.keyboard.press("Tab");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(SAMPLE_USER.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Upload a video" }).waitFor();
    expect(await page.getByText(SAMPLE_USER.email).isVisible()).toBe(true);
    expect(await barriers(page)).toEqual([]);
  });

  step("lists what the creator has made, and nothing of others", async () => {
    await registerOfAnother(place(), "Somebody else's");
    const answered = page.waitForResponse(/\/api\/me\/media/);
    await page.getByRole("button", { name: "Refresh" }).click();
    expect(await (await answered).text()).not.toContain("Somebody else's");
    // `npm start` has already uploaded a video of the same creator.
    expect(await page.getByRole("button", { name: /^Delete: / }).count()).toBe(1);
  });

  step("cancels an upload, and keeps nothing of it", async () => {
    // A part whose upload does not finish.
    await page.route(/partNumber=1/, () => undefined);
    await startUpload(page, { file: clip, title: "Given up" });
    await page.getByRole("progressbar", { name: "Uploading: Given up" }).waitFor();
    await page.getByRole("button", { name: "Cancel: Given up" }).click();
    await page.getByText("Upload cancelled.").waitFor();
    await page.unroute(/partNumber=1/);
    expect((await ownVideos(place())).map(({ title }) => title)).not.toContain("Given up");
  });

  step("uploads a clip in parts, retries a lost one, and shows the progress", async () => {
    expect(statSync(clip).size).toBeGreaterThan(8 * MEBIBYTE);
    const puts: string[] = [];
    await page.route(/partNumber=2/, (route) => {
      if (route.request().method() !== "PUT") return route.continue();
      puts.push(route.request().url());
      return puts.length === 1 ? route.abort("connectionreset") : route.continue();
    });
    await startUpload(page, { file: clip, title });
    await page.getByRole("progressbar", { name: `Uploading: ${title}` }).waitFor();
    await keepPicture(page, "uploading");
    await row().waitFor();
    expect(puts.length).toBe(2);
  });

  step("shows the progress of the processing to its end", async () => {
    const seen: number[] = [];
    const ready = row().getByText("ready", { exact: true });
    let kept = false;
    for (const deadline = Date.now() + DEADLINE_MS; Date.now() < deadline && !(await ready.isVisible());) {
      const bar = row().getByRole("progressbar");
      if (await bar.isVisible()) {
        seen.push(Number(await bar.getAttribute("value", { timeout: 1_000 }).catch(() => "0")));
        if (!kept) await keepPicture(page, "processing");
        kept = true;
      }
      await page.waitForTimeout(200);
    }
    expect(await ready.isVisible()).toBe(true);
    // The number of steps that the page shows depends on the machine's load; seen.test.ts tests that the processor
    // sends many.
    expect(Math.max(...seen)).toBeGreaterThan(0);
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    const { id } = (await ownVideos(place())).find((media) => media.title === title) ?? { id: "" };
    // A new video is private: only its creator sees it.
    expect((await page.request.get(`${url}/api/media/${id}`)).status()).toBe(404);
    const creator = await signedIn(place(), SAMPLE_USER);
    const media = await fetchApi<object>(creator, { method: "GET", path: `/me/media/${id}` });
    expect(media).toMatchObject({ status: "ready", progress: 100, width: 1280, height: 720 });
  });

  step("plays it", async () => {
    page.on("response", (response) => {
      if (response.ok() && response.url().endsWith(".m4s")) segment = response.url();
    });
    await row().getByRole("link", { name: "Play" }).click();
    await playFor(page, 2);
    const seen = await videoOf(page).evaluate((element: object) => {
      const { videoWidth, duration, muted, volume, webkitAudioDecodedByteCount } = element as Record<
        string,
        unknown
      >;
      return { videoWidth, duration, muted, volume, audioBytes: webkitAudioDecodedByteCount };
    });
    expect(seen).toMatchObject({ muted: false, volume: 1 });
    expect(seen.videoWidth).toBeGreaterThan(0);
    expect(seen.audioBytes).toBeGreaterThan(0);
    expect(seen.duration).toBeCloseTo(20, 0);
    expect(Math.abs((await heard(page)) - TONE_HZ)).toBeLessThan(20);
    expect(await barriers(page)).toEqual([]);
    await keepPicture(page, "playing");
  });

  step("continues an upload while another page is shown, and asks before cancelling it", async () => {
    await page.route(/partNumber=1/, () => undefined);
    await page.getByRole("link", { name: "StreamFlow" }).click();
    await startUpload(page, { file: clip, title: "Under way" });
    const uploading = page.getByRole("progressbar", { name: "Uploading: Under way" });
    await uploading.waitFor();
    await row().getByRole("link", { name: "Play" }).click();
    await videoOf(page).waitFor();
    expect(await uploading.isVisible()).toBe(true);
    await page.getByRole("button", { name: "Sign out" }).click();
    const question = page.getByRole("dialog", { name: "Sign out" });
    expect(await barriers(page)).toEqual([]);
    await keepPicture(page, "sign-out-while-uploading");
    await question.getByRole("button", { name: "Keep uploading" }).click();
    expect(await uploading.isVisible()).toBe(true);
    const asked = page.waitForEvent("dialog");
    void page.evaluate("location.reload()").catch(() => undefined);
    const dialog = await asked;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    expect(await uploading.isVisible()).toBe(true);
    expect((await ownVideos(place())).map(({ title }) => title)).toContain("Under way");
    await page.getByRole("button", { name: "Cancel: Under way" }).click();
    await page.getByText("Upload cancelled.").waitFor();
    await page.unroute(/partNumber=1/);
  });

  step("is refused a segment without its cookies", async () => {
    const status = (from: string) =>
      page.evaluate(`fetch(${JSON.stringify(from)}).then(({ status }) => status)`);
    expect(segment).toContain("/stream/");
    expect(await status(`${segment}?again`)).toBe(200);
    await browser.context.clearCookies();
    expect(await status(`${segment}?without`)).toBe(403);
  });

  step("speaks Portuguese, on a phone too, and remembers it", async () => {
    await page.setViewportSize(PHONE.viewport);
    await page.getByRole("link", { name: "StreamFlow" }).click();
    await page.getByLabel("Language").selectOption("pt");
    await page.reload();
    await row()
      .getByRole("link", { name: `Assistir: ${title}` })
      .waitFor();
    expect(await page.evaluate("document.documentElement.lang")).toBe("pt-BR");
    expect(await page.evaluate("document.scrollingElement.scrollWidth")).toBe(360);
    expect(await barriers(page)).toEqual([]);
    await keepPicture(page, "phone-portuguese");
  });

  step("deletes a video after the confirmation, and its stream with it", async () => {
    await row()
      .getByRole("button", { name: `Excluir: ${title}` })
      .click();
    const dialog = page.getByRole("dialog", { name: `Excluir: ${title}` });
    expect(await barriers(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Excluir" }).click();
    await page.getByText("O vídeo foi excluído.").waitFor();
    await row().waitFor({ state: "detached" });
  });

  step("translates an error, also one that was shown before the language changed", async () => {
    const failing = /\/api\/me\/media\?/;
    await page.route(failing, (route) => route.fulfill({ status: 502, body: "" }));
    await page.getByRole("button", { name: "Atualizar" }).click();
    const alert = page.getByRole("alert");
    await alert.filter({ hasText: "O serviço não está disponível agora." }).waitFor();
    await page.getByLabel("Idioma").selectOption("en");
    await alert.filter({ hasText: "The service is not available right now." }).waitFor();
    await page.getByLabel("Language").selectOption("pt");
    await page.unroute(failing);
    await page.getByRole("button", { name: "Atualizar" }).click();
    await alert.waitFor({ state: "detached" });
  });

  step("signs a creator out, and continues the upload after the next sign-in", async () => {
    await page.route(/partNumber=2/, () => undefined);
    await page.getByLabel("Arquivo de vídeo").setInputFiles(clip);
    await page.getByLabel("Título").fill("Deixado");
    await page.getByRole("button", { name: "Enviar", exact: true }).click();
    await page.getByRole("progressbar", { name: "Enviando: Deixado" }).waitFor();
    await page.getByRole("button", { name: "Sair" }).click();
    await page.getByRole("dialog", { name: "Sair" }).getByRole("button", { name: "Sair" }).click();
    await page.getByRole("button", { name: "Entrar" }).waitFor();
    expect(await page.evaluate("localStorage.getItem('streamflow.session')")).toBeNull();
    await page.unroute(/partNumber=2/);

    await page.getByLabel("Senha").fill(SAMPLE_USER.password);
    await page.getByLabel("E-mail").fill(SAMPLE_USER.email);
    await page.getByRole("button", { name: "Entrar" }).click();
    const file = page.getByLabel(/^O envio não terminou.*: Deixado$/);
    await file.waitFor();
    expect(await barriers(page)).toEqual([]);
    await keepPicture(page, "unfinished-upload");
    await file.setInputFiles(__filename);
    await page.getByText("Este não é o arquivo deste envio.").waitFor();
    await file.setInputFiles(clip);
    await rowOf(page, "Deixado")
      .getByText(/^(enviado, esperando|processando|pronto)/)
      .waitFor();
  });

  test("violates no content security policy", () => expect(browser.faults).toEqual([]));
}
