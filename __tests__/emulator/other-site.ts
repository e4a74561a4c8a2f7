import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Frame, Page } from "playwright-core";
import { until } from "../../packages/cli-kit/wait-until";

/** A page of another site. */
export interface OtherSite {
  /** Its URL has an address instead of the product's `localhost`, which makes it another site for browsers. */
  readonly url: string;
  close(): void;
}

/** Serves a page that contains some HTML. */
export async function otherSite(html: string): Promise<OtherSite> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/" ? 200 : 404, { "content-type": "text/html; charset=utf-8" });
    response.end(
      `<!doctype html><html lang="en"><title>Another site</title><main><h1>Another site</h1>${html}</main></html>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The frame in a page, once it shows what it leads to, or the browser's own page if that refuses to be framed. */
export async function framed(page: Page): Promise<Frame> {
  const found = () => page.frames().find((frame) => frame.parentFrame() !== null);
  await until("the frame shows something", () =>
    Promise.resolve(!["", "about:blank"].includes(found()?.url() ?? "")),
  );
  const frame = found();
  if (frame === undefined) throw new Error("the page has no frame");
  return frame;
}

/** URL of a frame that is refused, in Chromium. */
export const REFUSED_FRAME = "chrome-error://chromewebdata/";

/** Number of different colours in the picture that a frame or a page decodes now, of 64 points. */
export const COLOURS = `(() => {
  const canvas = new OffscreenCanvas(8, 8);
  const context = canvas.getContext("2d");
  context.drawImage(document.querySelector("hls-video").nativeEl, 0, 0, 8, 8);
  const { data } = context.getImageData(0, 0, 8, 8);
  return new Set(new Uint32Array(data.buffer)).size;
})()`;
