import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Request } from "playwright-core";
import type { Deployment } from "../../cli/start/deploy";
import { firstCalls } from "../../cli/start/first-calls";
import { firstVideo } from "../../cli/start/first-video";
import { SAMPLE_USER } from "../../cli/start/sample-user";
import { output, serve } from "../../cli/start/serve";
import { checkPermissions } from "../../cli/start/tear-down";
import { serverCertificate } from "../../packages/embedded-aws/servers/certificates";
import { startTlsFront } from "../../packages/embedded-aws/servers/tls-front";
import type { EnvironmentSettings } from "../../stacks/settings";
import { DESKTOP, openBrowser } from "../support/browser";
import { DEADLINE_MS } from "../support/deadline";
import type { Place } from "./applied-settings";
import { makeClip, playFor, rowOf, signIn, startUpload } from "./console-actions";

/** A deployed environment with a hosted zone. */
export interface AtDomain {
  readonly place: Place;
  readonly deployment: Deployment;
  readonly settings: EnvironmentSettings;
}

type Stop = () => Promise<void>;

/** Serves the environment; the local edge answers `https://DOMAIN` by TLS. Returns its port. */
async function serveDomain({ place, deployment, settings }: AtDomain, stops: Stop[]): Promise<number> {
  const { run, steps } = place;
  const { functions } = place.aws;
  const { authority } = functions.options;
  const served = await serve({ deployment, functions, run, print: (line) => steps.line(line) });
  stops.unshift(async () => {
    await served.stop();
    await checkPermissions(functions, steps);
  });
  const api = await firstCalls(deployment, served, steps);
  const edge = await firstVideo({ deployment, served, api, run, steps, remove: false });
  const certificate = await serverCertificate(authority, settings.domain);
  const front = await startTlsFront({ certificate, port: Number(new URL(edge).port) });
  stops.unshift(() => front.stop());
  return front.port;
}

/** A creator whose browser takes the local edge for the environment's domain. */
export function domainJourney(deployed: () => AtDomain): void {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-domain-"));
  const stops: Stop[] = [() => Promise.resolve(rmSync(folder, { recursive: true }))];

  afterAll(async () => {
    for (const stop of stops) await stop();
  });

  test("signs in, uploads and plays, all from the address in the output url", async () => {
    const { deployment, settings } = deployed();
    const url = output(deployment, "url");
    expect(url).toBe(`https://${settings.domain}`);
    const port = await serveDomain(deployed(), stops);
    const browser = await openBrowser({
      locale: "en-US",
      ...DESKTOP,
      ports: { [settings.domain]: port },
    });
    stops.unshift(() => browser.close());
    const { page } = browser;
    page.setDefaultTimeout(DEADLINE_MS);
    const puts: Request[] = [];
    page.on("request", (request) => {
      if (request.method() === "PUT") puts.push(request);
    });

    await page.goto(url);
    await signIn(page, SAMPLE_USER);
    const clip = { file: join(folder, "clip.mp4"), title: "At the domain" };
    makeClip(clip.file);
    await startUpload(page, clip);
    await rowOf(page, clip.title).getByText("ready", { exact: true }).waitFor();
    await rowOf(page, clip.title).getByRole("link", { name: "Play" }).click();
    await playFor(page, 2);

    expect(await page.evaluate("location.origin")).toBe(url);
    expect(puts.length).toBeGreaterThan(1);
    for (const put of puts) expect(await put.allHeaders()).toMatchObject({ origin: url });
    expect(browser.faults).toEqual([]);
  });
}
