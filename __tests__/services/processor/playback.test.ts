import { createReadStream, existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { CORPUS } from "../../../cli/corpus/cases";
import { CorpusRunner } from "../../../cli/corpus/measure-file";
import { headersOf } from "../../../handlers/processor/output";
import { until } from "../../../packages/cli-kit/wait-until";
import { type Browser, openBrowser } from "../../support/browser";

/** Streams of very different files, with the number of their sounds and subtitles. */
const PLAYED = [
  ["webm-live", { sounds: 1, subtitles: 0 }],
  ["ts-concat", { sounds: 1, subtitles: 0 }],
  ["cut-mp4-92", { sounds: 1, subtitles: 0 }],
  ["audio-default-second", { sounds: 2, subtitles: 0 }],
  ["audio-empty-track", { sounds: 0, subtitles: 0 }],
  ["audio-gap", { sounds: 1, subtitles: 0 }],
  ["hdr10-pq", { sounds: 1, subtitles: 0 }],
  ["res-change", { sounds: 1, subtitles: 0 }],
  ["fps-1", { sounds: 1, subtitles: 0 }],
  ["one-frame-long-sound", { sounds: 1, subtitles: 0 }],
  ["subs-movtext", { sounds: 1, subtitles: 1 }],
  ["av1", { sounds: 1, subtitles: 0, codec: "av01" }],
] as const;

const PAGE = `<!doctype html><video controls></video><script src="/hls.js"></script><script>
  const video = document.querySelector("video");
  const faults = [];
  // As web/src/player.tsx does it.
  const hls = new Hls({ capLevelToPlayerSize: false, enableWorker: false });
  hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && faults.push(details));
  hls.loadSource(location.hash.slice(1));
  hls.attachMedia(video);
</script>`;

const folders = new Map<string, string>();
let runner: CorpusRunner;
let server: Server;
let browser: Browser;

beforeAll(async () => {
  runner = new CorpusRunner({ preset: "ultrafast", memoryMiB: 960, timeoutSeconds: 900 });
  server = createServer((request, response) => {
    const [, name = "", ...rest] = (request.url ?? "/").split("/");
    if (name === "") return void response.setHeader("content-type", "text/html").end(PAGE);
    if (name === "hls.js")
      return void createReadStream(require.resolve("hls.js/dist/hls.min.js")).pipe(response);
    const file = join(folders.get(name) ?? "", ...rest);
    if (!existsSync(file) || extname(file) === "") return void response.writeHead(404).end();
    response.setHeader("content-type", headersOf(file).contentType);
    createReadStream(file).pipe(response);
  }).listen(0, "127.0.0.1");
  browser = await openBrowser({ locale: "en", viewport: { width: 1_280, height: 800 } });
});
afterAll(async () => {
  await browser.close();
  server.close();
  runner.close();
});

interface Player {
  readonly time: number;
  /** Whether it has played to its end. */
  readonly ended: boolean;
  readonly start: number;
  readonly duration: number;
  readonly height: number;
  readonly frames: number;
  readonly audioBytes: number;
  readonly levels: number[];
  /** Codec of the size that is played. */
  readonly codec: string;
  readonly sounds: number;
  readonly subtitles: number;
  readonly cues: number;
  readonly muted: boolean;
  readonly faults: string[];
}

const READ_PLAYER = `({
  time: video.currentTime, ended: video.ended, start: video.buffered.length ? video.buffered.start(0) : -1, duration: video.duration,
  height: video.videoHeight, frames: video.webkitDecodedFrameCount, audioBytes: video.webkitAudioDecodedByteCount,
  codec: hls.levels[hls.currentLevel]?.videoCodec ?? "",
  levels: hls.levels.map(({ height }) => height), sounds: hls.audioTracks.length, subtitles: hls.subtitleTracks.length,
  cues: [...video.textTracks].reduce((sum, { cues }) => sum + (cues ? cues.length : 0), 0), muted: video.muted, faults,
})`;

const player = (): Promise<Player> => browser.page.evaluate<Player>(READ_PLAYER);

/** Plays from a time, and waits until a second or the rest was played. */
async function playFrom(time: string, what: string): Promise<Player> {
  const began = await browser.page.evaluate<number>(
    `(video.currentTime = ${time}, video.play(), video.currentTime)`,
  );
  let seen = await player();
  await until(
    what,
    async () => {
      seen = await player();
      return seen.time > began + 1 || seen.ended || seen.faults.length > 0;
    },
    { details: () => JSON.stringify(seen) },
  );
  expect(seen.faults).toEqual([]);
  return seen;
}

it.each(PLAYED)(
  "%s plays with picture and sound, after a seek and in another size",
  async (name, expected) => {
    const one = CORPUS.find((other) => other.name === name);
    if (one === undefined) throw new Error(`the corpus has no ${name}`);
    folders.set(name, await runner.streamOf(one));
    const { port } = server.address() as AddressInfo;
    await browser.page.goto("about:blank");
    await browser.page.goto(`http://127.0.0.1:${port}/#/${name}/master.m3u8`);
    const first = await playFrom("0", `${name} plays`);
    expect(first).toMatchObject({ muted: false, sounds: expected.sounds, subtitles: expected.subtitles });
    expect(first.frames).toBeGreaterThan(0);
    expect(first.audioBytes > 0).toBe(expected.sounds > 0);
    // Where there are two codecs, the browser takes the one that needs less bandwidth.
    expect(first.codec.startsWith("codec" in expected ? expected.codec : "avc1")).toBe(true);
    expect(first.start).toBeLessThan(0.05);
    if (expected.subtitles > 0) {
      await browser.page.evaluate("hls.subtitleTrack = 0");
      await until("subtitles are there", async () => (await player()).cues > 0);
    }
    await playFrom("video.duration / 2", `${name} plays from its middle`);
    const lowest = Math.min(...first.levels);
    await browser.page.evaluate("hls.currentLevel = 0");
    const last = await playFrom("0", `${name} plays in its smallest size`);
    await until(`${name} shows its smallest size`, async () => (await player()).height === lowest, {
      details: async () => JSON.stringify(await player()),
    });
    expect(last.audioBytes > 0).toBe(expected.sounds > 0);
  },
);
