import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { stopAll } from "../../cli/start/stops";
import { localFolder } from "../../packages/cli-kit/paths";
import { aptInstall, canUseApt } from "../../packages/embedded-aws/programs/apt";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome"];

/** Path of a Chromium with the codecs of streams; installed on a Debian machine. Throws if there is none. */
export async function findChromium(): Promise<string> {
  const found = onPath();
  if (found) return found;
  if (canUseApt()) await aptInstall("chromium");
  const installed = onPath();
  if (installed) return installed;
  throw new Error(
    `install Chromium or Chrome, as one of ${COMMANDS.join(", ")} on PATH: apt-get can't be used`,
  );
}

function onPath(): string | undefined {
  return COMMANDS.map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim()).find(Boolean);
}

/** A browser with its own profile, and the errors on its pages. */
export interface Browser {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Script errors, and violations of the content security policy, on all pages. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** What a person uses the product with. */
export interface Device {
  /** Size in CSS pixels. */
  readonly viewport: { readonly width: number; readonly height: number };
  /**
   * Whether pages are laid out as on a phone.
   * @default false
   */
  readonly isMobile?: boolean;
  /**
   * Whether it has a touch screen.
   * @default false
   */
  readonly hasTouch?: boolean;
}

export const DESKTOP: Device = { viewport: { width: 1100, height: 800 } };
export const PHONE: Device = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

export interface BrowserOptions extends Device {
  readonly locale: string;
  /**
   * Loopback ports that stand for the TLS ports of host names; their certificates are not verified.
   * @default none
   */
  readonly ports?: Readonly<Record<string, number>>;
}

export async function openBrowser({ locale, ports = {}, ...device }: BrowserOptions): Promise<Browser> {
  const mappings = Object.entries(ports).map(([host, port]) => `MAP ${host}:443 127.0.0.1:${port}`);
  const profile = mkdtempSync(join(tmpdir(), "streamflow-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findChromium(),
    headless: true,
    // It connects to the product only; as root it has no sandbox. Tests can play sound before any click.
    args: [
      "--autoplay-policy=no-user-gesture-required",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      `--host-resolver-rules=${mappings.join(",")}`,
    ],
    ignoreHTTPSErrors: mappings.length > 0,
    locale,
    ...device,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const faults: string[] = [];
  context.on("weberror", (found) => faults.push(found.error().message));
  context.on("console", (message) => {
    if (/Content.Security.Policy|CORS policy/.test(message.text())) faults.push(message.text());
  });
  return {
    context,
    page,
    faults,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Closes browsers, even if some fail or were not opened, and removes a folder. */
export async function closeAll(browsers: readonly (Browser | undefined)[], folder: string): Promise<void> {
  await stopAll(browsers.map((browser) => async () => browser?.close())).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  );
}

/** Saves a screenshot of a page in `.local/screenshots/`. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = join(localFolder, "screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
