import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UnprocessableVideoError } from "../../../handlers/processor/errors";
import { complexityOf } from "../../../handlers/processor/complexity";
import { ladderOf } from "../../../handlers/processor/ladder";
import { readProbe } from "../../../handlers/processor/probe";
import type { Objects, Processed } from "../../../handlers/processor/ports";
import { processVideo } from "../../../handlers/processor/process-video";
import { Ffmpeg } from "../../../handlers/services/ffmpeg";
import { clip, ffmpeg, ffmpegBytes, ffprobe } from "./clips";

/** Memory in MiB that ffmpeg may use in the smallest task, that of `npm start` and dev. */
const TASK = 960;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "source-"))));
afterEach(() => rmSync(folder, { recursive: true }));

interface Limits {
  /** Memory in MiB that the processor gives ffmpeg. */
  readonly memoryMiB?: number;
  /** Path of ffmpeg if it is not on PATH. */
  readonly path?: string;
}

/** Processes a source with the real ffmpeg; uploads go to the folder `out`. */
async function processed(source: Buffer, { memoryMiB = TASK, path = process.env.PATH ?? "" }: Limits = {}) {
  const work = join(folder, "work");
  mkdirSync(work);
  const objects: Objects = {
    head: () => Promise.resolve({ sizeBytes: source.length, trace: undefined }),
    download: (_, file) => Promise.resolve(writeFileSync(file, source)),
    upload: ({ key, file }) => {
      const target = out(key.split("/").slice(3).join("/"));
      mkdirSync(dirname(target), { recursive: true });
      return Promise.resolve(copyFileSync(file, target));
    },
  };
  const version = {
    id: "i",
    bucket: "b",
    key: "k",
    version: "v",
    versioned: true,
    etag: "e",
    sequencer: "1",
  };
  return processVideo(version, {
    objects,
    transcoder: new Ffmpeg({ environment: { PATH: path, LANG: "C.UTF-8" }, memoryMiB }),
    encoding: { preset: "ultrafast", threads: 2 },
    folder: work,
    concurrency: 1,
    sizeBytes: source.length,
    signal: new AbortController().signal,
    report: () => undefined,
    confirm: () => Promise.resolve(),
  });
}

const out = (name: string): string => join(folder, "out", name);

/** A PATH whose ffmpeg has a limited address space, whatever the processor requests. */
function limitedPath(mebibytes: number): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  for (const name of ["ffmpeg", "ffprobe"]) {
    const program = execFileSync("/bin/sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    const limits = `ulimit -s 1024; ulimit -v ${mebibytes * 1_024}; export MALLOC_ARENA_MAX=1`;
    writeFileSync(join(bin, name), `#!/bin/sh\n${limits}\nexec '${program}' "$@"\n`, { mode: 0o755 });
  }
  return `${bin}:${process.env.PATH}`;
}

/** Decoded frames of a rung, and their duration. */
function picture(rung: string): { frames: number; seconds: number } {
  const { frames } = ffprobe(
    ...[
      "-select_streams",
      "v",
      "-show_entries",
      "frame=pts_time,pkt_duration_time",
      out(`${rung}/index.m3u8`),
    ],
  );
  const times = (frames as { pts_time: string }[]).map(({ pts_time }) => Number(pts_time));
  const [first = NaN, last = NaN] = [times[0], times.at(-1)];
  return { frames: times.length, seconds: ((last - first) * times.length) / Math.max(1, times.length - 1) };
}

/** Mean red, green and blue of the poster. */
function posterColour(): number[] {
  return [
    ...ffmpegBytes(
      "rgb",
      ...["-i", out("poster.jpg"), "-vf", "scale=1:1", "-f", "rawvideo", "-pix_fmt", "rgb24"],
    ),
  ];
}

function expectWhole({ durationSeconds }: Processed, seconds: number, rung: string): void {
  expect(Math.abs(durationSeconds - seconds)).toBeLessThan(0.3);
  expect(Math.abs(picture(rung).seconds - seconds)).toBeLessThan(0.5);
  for (const name of ["master.m3u8", "poster.jpg", "sprite.jpg", "sprite.vtt", "chapters.vtt"])
    expect(existsSync(out(name))).toBe(true);
  ffmpeg("-xerror", "-i", out("master.m3u8"), "-f", "null", "-");
}

const x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
const blue = (seconds: number, size = "320x180") => [
  "-f",
  "lavfi",
  "-i",
  `color=blue:s=${size}:r=25:d=${seconds}`,
];
const tone = (seconds: number) => ["-f", "lavfi", "-i", `sine=440:d=${seconds}`];

describe("memory", () => {
  it("stays within the smallest task while a screen recording stands still", async () => {
    const source = ffmpegBytes(
      "mp4",
      ...["-f", "lavfi", "-i", "testsrc=s=1920x1080:r=30:d=13"],
      ...["-vf", "select='lt(t,0.5)+gt(t,12.5)'", "-vsync", "vfr", ...x264],
    );
    expectWhole(await processed(source, { path: limitedPath(TASK) }), 13, "video_1080p");
  });

  it("fails a video that needs more than its limit, with a reason for its creator", async () => {
    const source = clip({ size: "1920x1080", seconds: 1 });
    const attempt = processed(source, { memoryMiB: 400 });
    await expect(attempt).rejects.toThrow(/needs more than the 400 MiB of memory/);
    await expect(attempt).rejects.toThrow(UnprocessableVideoError);
  });
});

describe("length", () => {
  it("fails a file of more than twelve hours by its measured length", async () => {
    // Longer gaps are errors of time stamps.
    const day = ["-vf", "setpts=N*500/TB", "-vsync", "passthrough", "-enc_time_base", "1/1000"];
    const source = ffmpegBytes("mkv", ...blue(4), ...day, ...x264);
    source.writeDoubleBE(8_000, source.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3);
    await expect(processed(source)).rejects.toThrow("The video is longer than 12 hours.");
  });
});

describe("picture", () => {
  it("holds a picture of two seconds as long as its sound", async () => {
    const source = ffmpegBytes("mp4", ...[...blue(2), ...tone(9)], ...x264);
    expectWhole(await processed(source), 9, "video_180p");
    expect(posterColour()[2]).toBeGreaterThan(200);
  });

  it("fails a stream when one of its files was not written", async () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const program = execFileSync("/bin/sh", ["-c", "command -v ffmpeg"], { encoding: "utf8" }).trim();
    const script = `#!/bin/sh\n'${program}' "$@" || exit $?\nrm -f poster.jpg\n`;
    writeFileSync(join(bin, "ffmpeg"), script, { mode: 0o755 });
    const attempt = processed(clip({ size: "160x90", seconds: 1 }), { path: `${bin}:${process.env.PATH}` });
    await expect(attempt).rejects.toThrow(/poster\.jpg/);
    expect(existsSync(out("master.m3u8"))).toBe(false);
  });
});

describe("bit rates", () => {
  it.each([
    ["a still picture", "color=blue:s=256x144:r=10:d=60", 0.7],
    ["noise", "color=gray:s=256x144:r=10:d=60,noise=alls=60:allf=t", 1.6],
  ])("of %s have limits of their own", async (_, picture, factor) => {
    const file = join(folder, "title.mp4");
    ffmpeg("-f", "lavfi", "-i", picture, ...x264, file);
    const transcoder = new Ffmpeg({ environment: { PATH: process.env.PATH ?? "" } });
    const { signal } = new AbortController();
    const source = readProbe(await transcoder.probe(file, signal));
    const input = {
      file,
      source,
      lengths: { video: { packets: 600, start: 0, end: 60 }, sounds: [], seconds: 60 },
      output: folder,
      maxBytes: Infinity,
    };
    const options = {
      transcoder,
      encoding: { preset: "veryfast", threads: 2 },
      signal,
      report: () => undefined,
    };
    expect(
      await complexityOf(input, { ladder: ladderOf({ ...source, rate: 10 }), rate: "10" }, options),
    ).toBe(factor);
  });
});
