import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { EMITTED } from "../../support/metrics/emitted";
import { clip, ffmpeg, ffprobe, turned } from "./clips";
import { Platform, type Row, streams } from "./platform";

let platform: Platform;
let id: string;
let row: Row;
let folder: string;
const headers: Record<string, { type?: string | undefined; cache?: string | undefined }> = {};
const seconds = 9;

beforeAll(async () => {
  platform = await Platform.start();
  await platform.processor();
  id = await platform.create(clip({ size: "1920x1080", seconds, rate: 25 }));
  row = await platform.untilStatus(id, "ready");
  folder = await fetchStream(row.playback_path ?? "");
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await platform.stop();
});

/** Copies a stream from the bucket into a folder, and records its headers. */
async function fetchStream(prefix: string): Promise<string> {
  const target = mkdtempSync(join(tmpdir(), "stream-"));
  const { Contents = [] } = await platform.s3.listObjectsV2({ Bucket: streams, Prefix: prefix });
  for (const { Key = "" } of Contents) {
    const { Body, ContentType, CacheControl } = await platform.s3.getObject({ Bucket: streams, Key });
    const name = Key.slice(prefix.length);
    headers[name] = { type: ContentType, cache: CacheControl };
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), (await Body?.transformToByteArray()) ?? "");
  }
  return target;
}

const of = (name: string): string => join(folder, name);
const rungs = {
  video_1080p: [1920, 1080],
  video_720p: [1280, 720],
  video_480p: [854, 480],
  video_360p: [640, 360],
  video_240p: [426, 240],
  video_144p: [256, 144],
};

it("creates every size of the ladder, and none above the source", () => {
  const names = Object.keys(headers).filter((name) => name.endsWith("/index.m3u8"));
  expect(names.sort()).toEqual([...Object.keys(rungs), "audio"].map((name) => `${name}/index.m3u8`).sort());
  for (const [name, [width, height]] of Object.entries(rungs)) {
    const { streams: found } = ffprobe("-show_streams", of(`${name}/index.m3u8`));
    expect(found).toMatchObject([
      { codec_name: "h264", width, height, pix_fmt: "yuv420p", sample_aspect_ratio: "1:1" },
    ]);
  }
  const { streams: sound } = ffprobe("-show_streams", of("audio/index.m3u8"));
  expect(sound).toMatchObject([{ codec_name: "aac", channels: 2, sample_rate: "48000" }]);
});

it("sets key frames of every size at the same times, one for each segment", () => {
  const times = Object.keys(rungs).map((name) => {
    const { packets } = ffprobe(
      "-select_streams",
      "v",
      "-show_entries",
      "packet=pts_time,flags",
      of(`${name}/index.m3u8`),
    );
    const keys = packets.filter(({ flags }: { flags: string }) => flags.startsWith("K"));
    return keys.map(({ pts_time }: { pts_time: string }) => Number(pts_time));
  });
  for (const keys of times) expect(keys).toEqual(times[0]);
  const [first = 0] = times[0];
  expect(times[0].map((time: number) => Math.round(time - first))).toEqual([0, 4, 8]);
  for (const name of Object.keys(rungs)) {
    const playlist = readFileSync(of(`${name}/index.m3u8`), "utf8");
    expect(playlist.match(/^segment_\d{5}\.m4s$/gm)).toHaveLength(3);
    expect(playlist).toContain("#EXT-X-MAP:URI=");
    expect(playlist).toContain("#EXT-X-ENDLIST");
  }
});

it("plays from beginning to end in ffmpeg's own reader of HLS", () => {
  const { programs } = ffprobe("-show_programs", of("master.m3u8"));
  expect(programs).toHaveLength(6);
  const counted = ffprobe(
    "-count_frames",
    "-select_streams",
    "v:0",
    "-show_entries",
    "stream=nb_read_frames",
    of("master.m3u8"),
  );
  expect(Number(counted.streams[0].nb_read_frames)).toBe(seconds * 25);
  expect(ffmpeg("-xerror", "-i", of("master.m3u8"), "-map", "0:v", "-map", "0:a", "-f", "null", "-")).toBe(
    "",
  );
});

it("names in the master playlist what a player needs to choose", () => {
  const master = readFileSync(of("master.m3u8"), "utf8");
  const variants = [
    ...master.matchAll(
      /:BANDWIDTH=(\d+),AVERAGE-BANDWIDTH=(\d+),RESOLUTION=(\d+x\d+),FRAME-RATE=25\.000,VIDEO-RANGE=SDR,CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"/g,
    ),
  ];
  expect(variants.map(([, , , size]) => size)).toEqual([
    "1920x1080",
    "1280x720",
    "854x480",
    "640x360",
    "426x240",
    "256x144",
  ]);
  const bytes = (name: string): number =>
    readdirSync(of(name))
      .filter((file) => file.endsWith(".m4s"))
      .reduce((sum, file) => sum + statSync(of(join(name, file))).size, 0);
  for (const [index, name] of Object.keys(rungs).entries()) {
    const [, peak, average] = (variants[index] ?? []).map(Number);
    expect(peak).toBeGreaterThanOrEqual(average ?? Infinity);
    const measured = ((bytes(name) + bytes("audio")) * 8) / seconds;
    expect((average ?? 0) / measured).toBeCloseTo(1, 1);
  }
});

it("makes a poster, and a sprite whose cues cover the whole video", () => {
  expect(ffprobe("-show_streams", of("poster.jpg")).streams).toMatchObject([{ width: 1920, height: 1080 }]);
  expect(ffprobe("-show_streams", of("sprite.jpg")).streams).toMatchObject([{ width: 9 * 160, height: 90 }]);
  const cues = readFileSync(of("sprite.vtt"), "utf8");
  expect(cues).toContain("00:00:08.000 --> 00:00:09.0");
  expect(cues).toContain("sprite.jpg#xywh=1280,0,160,90");
  expect(cues.match(/-->/g)).toHaveLength(9);
});

it("serves segments for ever and playlists for a short time, each as what it is", () => {
  expect(headers["master.m3u8"]).toEqual({
    type: "application/vnd.apple.mpegurl",
    cache: "public, max-age=60",
  });
  const forever = "public, max-age=31536000, immutable";
  expect(headers["video_720p/segment_00001.m4s"]).toEqual({ type: "video/iso.segment", cache: forever });
  expect(headers["video_720p/init_1.mp4"]).toEqual({ type: "video/mp4", cache: forever });
  expect(headers["poster.jpg"]).toEqual({ type: "image/jpeg", cache: forever });
  expect(headers["sprite.vtt"]).toEqual({ type: "text/vtt; charset=utf-8", cache: forever });
});

it("writes into the database what it found out, and leaves neither message nor file", async () => {
  expect(row).toMatchObject({
    status: "ready",
    width: 1920,
    height: 1080,
    attempts: 1,
    failure_reason: null,
  });
  expect(row.playback_path).toMatch(new RegExp(`^stream/${id}/[0-9a-f]{16}/$`));
  expect(row.duration_seconds).toBeCloseTo(seconds, 1);
  await platform.untilWaiting({ queue: 0, dead: 0 });
  expect(await platform.progress(id)).toMatchObject({ status: "ready", percent: 100 });
  expect(platform.leftovers()).toEqual([]);
});

it("measures its time, and the time since the upload, in the embedded metric format", () => {
  const lines = platform.processors[0]?.lines() ?? [];
  const metrics = lines.filter((line) => "_aws" in line);
  const units: Record<string, string> = { RefusedShare: "Percent", StrandedMedia: "Count" };
  const written = (name: string) => ({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: "StreamFlow",
          Dimensions: [["Environment"]],
          Metrics: [{ Name: name, Unit: units[name] ?? "Milliseconds" }],
        },
      ],
    },
    Environment: "test",
    [name]: expect.any(Number),
  });
  // Dashboards and alarms may use the metrics that are emitted here; two functions emit others.
  const all = Object.keys(EMITTED.StreamFlow?.metrics ?? {});
  const names = all.filter((name) => !/^(SyntheticCheck|InvalidatedVideos)/.test(name));
  expect(metrics).toHaveLength(names.length);
  expect(metrics).toEqual(expect.arrayContaining(names.map(written)));
  expect(lines.find(({ message }) => message === "ready")).toMatchObject({
    milliseconds: metrics.find((line) => "VideoProcessingTime" in line)?.VideoProcessingTime,
    sinceUpload: metrics.find((line) => "TimeToReady" in line)?.TimeToReady,
  });
});

describe("other videos", () => {
  it.each([
    [
      "portrait, silent",
      { size: "406x720", seconds: 1, sound: false },
      [406, 720],
      ["video_406p", "video_240p", "video_144p"],
    ],
    [
      "smaller than any size, with odd sides",
      { size: "161x91", seconds: 1, more: ["-pix_fmt", "yuv444p"] },
      [161, 91],
      ["video_90p"],
    ],
    [
      "turned by 90 degrees",
      { size: "640x360", seconds: 1, turn: true },
      [360, 640],
      ["video_360p", "video_240p", "video_144p"],
    ],
    [
      "with pixels that are not square",
      { size: "720x576", seconds: 1, more: ["-vf", "setsar=64/45"] },
      [1024, 576],
      ["video_576p", "video_360p", "video_240p", "video_144p"],
    ],
    [
      "WebM at an odd rate",
      {
        size: "320x180",
        seconds: 2,
        rate: 15,
        sound: false,
        ending: "webm",
        more: ["-c:v", "libvpx", "-deadline", "realtime"],
      },
      [320, 180],
      ["video_180p", "video_144p"],
    ],
    [
      "WebM as a browser records it, without a length",
      {
        size: "320x180",
        seconds: 3,
        ending: "webm",
        more: ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-live", "1"],
      },
      [320, 180],
      ["video_180p", "video_144p"],
    ],
    [
      "MPEG-TS",
      { size: "640x360", seconds: 2, ending: "ts" },
      [640, 360],
      ["video_360p", "video_240p", "video_144p"],
    ],
  ] as const)("become streams: %s", async (_, options, [width, height], names) => {
    const other = await platform.create("turn" in options ? turned(clip(options)) : clip(options));
    const { playback_path, ...found } = await platform.untilStatus(other, "ready");
    expect(found).toMatchObject({ width, height });
    expect(Math.abs((found.duration_seconds ?? 0) - options.seconds)).toBeLessThan(0.1);
    const target = await fetchStream(playback_path ?? "");
    try {
      const { programs, streams: all } = ffprobe(
        "-show_programs",
        "-show_streams",
        join(target, "master.m3u8"),
      );
      expect(programs).toHaveLength(names.length);
      const sizes = all.filter(({ codec_type }: { codec_type: string }) => codec_type === "video");
      for (const size of sizes) {
        expect(Math.abs(size.width / size.height - width / height)).toBeLessThan(0.02);
        expect(size.width).toBeLessThanOrEqual(width);
        expect(size.height).toBeLessThanOrEqual(height);
      }
      for (const name of names)
        expect(readFileSync(join(target, "master.m3u8"), "utf8")).toContain(`${name}/`);
      ffmpeg("-xerror", "-i", join(target, "master.m3u8"), "-f", "null", "-");
    } finally {
      rmSync(target, { recursive: true });
    }
  });
});
