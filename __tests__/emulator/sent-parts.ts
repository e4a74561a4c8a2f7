import type { Page, Request } from "playwright-core";

/** The parts that a page sends to S3, by number, as they happen. */
export interface SentParts {
  /** Asked of S3, in their order. */
  readonly asked: readonly number[];
  /** Answered by S3 with 200. */
  readonly stored: readonly number[];
  /** Lost with the network or the page. */
  readonly lost: readonly number[];
}

const partOf = (request: Request): number | undefined => {
  const number = new URL(request.url()).searchParams.get("partNumber");
  return request.method() === "PUT" && number !== null ? Number(number) : undefined;
};

/** Records the parts that a page sends from now on. */
export function recordParts(page: Page): SentParts {
  const parts = { asked: [] as number[], stored: [] as number[], lost: [] as number[] };
  const add = (to: number[], request: Request): void => {
    const number = partOf(request);
    if (number !== undefined) to.push(number);
  };
  page.on("request", (request) => add(parts.asked, request));
  page.on("requestfailed", (request) => add(parts.lost, request));
  page.on("response", (response) => {
    if (response.ok()) add(parts.stored, response.request());
  });
  return parts;
}

/** Bytes per second of a slow network, on which a part of 8 MiB takes a few seconds. */
const SLOW_BYTES = 4 * 1024 * 1024;

/** The network of a page. */
export interface Network {
  /** Sends what is under way slowly. */
  slow(): Promise<void>;
  /** Ends what is under way. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

/**
 * Sets speed and connection of a page by one session, because Chromium forgets one of them when another session sets the
 * other. It is not used together with Playwright's `setOffline`, which has a session of its own.
 */
export async function networkOf(page: Page): Promise<Network> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  const set = async (offline: boolean, uploadThroughput: number): Promise<void> => {
    const conditions = { offline, uploadThroughput, downloadThroughput: -1, latency: 0 };
    await devtools.send("Network.emulateNetworkConditions", conditions);
  };
  return {
    slow: () => set(false, SLOW_BYTES),
    cut: () => set(true, -1),
    restore: () => set(false, -1),
  };
}

/** Resolves when S3 has stored a part of the page's upload. */
export async function firstStored(page: Page): Promise<void> {
  await page.waitForResponse((response) => response.ok() && partOf(response.request()) !== undefined);
}
