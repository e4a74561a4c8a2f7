import {
  inputArguments,
  ladderArguments,
  packetArguments,
  posterArguments,
  posterTime,
  spriteArguments,
} from "../../../handlers/processor/ffmpeg-arguments";
import { ladderOf } from "../../../handlers/processor/ladder";
import type { Source } from "../../../handlers/processor/probe";
import { spriteOf } from "../../../handlers/processor/sprite";

const source: Source = {
  video: 2,
  audio: 1,
  width: 1280,
  height: 720,
  statedSeconds: 20,
  frameRate: "30000/1001",
  interlaced: false,
};
const whole = { video: { packets: 600, start: 0, end: 20 }, seconds: 20 };
const ladder = (more: Partial<Source> = {}, lengths = whole) => {
  const changed = { ...source, ...more };
  const quality = { preset: "slow", threads: 3 };
  return ladderArguments({
    file: "/videos/x",
    source: changed,
    lengths,
    ladder: ladderOf(changed),
    quality,
  });
};
/** Values of an option, one for each time that it is given. */
const after = (args: readonly string[], option: string) =>
  args.filter((_, index) => args[index - 1] === option);
const filtersOf = (args: readonly string[]) => after(args, "-filter_complex")[0] ?? "";

it("allows ffmpeg to open only the file", () => {
  for (const args of [ladder(), packetArguments("/videos/x", source)]) {
    expect(after(args, "-i")).toEqual(["file:/videos/x"]);
    expect(after(args, "-protocol_whitelist")).toEqual(["file"]);
    expect(args.indexOf("-protocol_whitelist")).toBeLessThan(args.indexOf("-i"));
    expect(args).toContain("-nostdin");
  }
  expect(after(inputArguments("x"), "-format_whitelist")[0]).not.toMatch(/hls|concat|dash|image|lavfi/);
});

it("maps only the selected streams, by their index", () => {
  expect(filtersOf(ladder())).toMatch(/^\[0:2\]/);
  expect(after(ladder(), "-map").filter((map) => map.startsWith("0:"))).toEqual(["0:1"]);
  expect(after(packetArguments("x", source), "-map")).toEqual(["0:2", "0:1"]);
  expect(after(packetArguments("x", { ...source, audio: undefined }), "-map")).toEqual(["0:2"]);
});

it("creates every rung from the same frames, with key frames every four seconds", () => {
  const args = ladder();
  expect(filtersOf(args)).toContain("split=3[s0][s1][s2]");
  expect(after(args, "-force_key_frames")).toEqual(["expr:gte(t,n_forced*4)"]);
  expect(after(args, "-sc_threshold")).toEqual(["0"]);
  expect(after(args, "-hls_time")).toEqual(["4"]);
  expect(Number(after(args, "-g")[0])).toBeGreaterThan(4 * 30);
});

it("repeats frames after they were scaled, at the end of each branch", () => {
  const branches = filtersOf(ladder()).split(";").slice(1);
  expect(branches).toHaveLength(3);
  for (const branch of branches) expect(branch).toMatch(/scale=.*,fps=30000\/1001\[v\d\]$/);
});

it("repeats the last frame until the sound ends, and a single one from its start", () => {
  const filters = (packets: number, end: number) =>
    filtersOf(ladder({}, { video: { packets, start: 0, end }, seconds: 20 }));
  expect(filters(90, 3)).toContain("tpad=stop_mode=clone:stop_duration=17.000000");
  expect(filters(600, 19.8)).not.toContain("tpad");
  expect(filters(1, 0.04)).toContain("loop=loop=-1:size=1");
  expect(filters(600, 20)).not.toContain("loop");
  expect(after(ladder(), "-t")).toEqual(["20.000000"]);
});

it("sets speed and threads by the quality, and limits each rung", () => {
  const args = ladder();
  expect(after(args, "-preset")).toEqual(["slow"]);
  expect(after(args, "-threads")).toEqual(["3", "3"]);
  expect(after(args, "-maxrate:v:0")).toEqual(["2800k"]);
  expect(after(args, "-maxrate:v:2")).toEqual(["800k"]);
});

it("limits the decoder's picture size, also after smaller pictures", () => {
  const args = ladder();
  expect(after(args, "-max_pixels")).toEqual([String(8_192 * 4_352)]);
  expect(args.indexOf("-max_pixels")).toBeLessThan(args.indexOf("-i"));
});

it("has one sound for all rungs, and none where there is none", () => {
  expect(after(ladder(), "-var_stream_map")[0]).toBe(
    "v:0,name:video_720p v:1,name:video_480p v:2,name:video_360p a:0,name:audio",
  );
  const silent = ladder({ audio: undefined });
  expect(after(silent, "-var_stream_map")[0]).toBe(
    "v:0,name:video_720p v:1,name:video_480p v:2,name:video_360p",
  );
  expect(silent).not.toContain("-c:a");
});

it("deinterlaces only what is interlaced", () => {
  expect(ladder().join()).not.toContain("yadif");
  expect(filtersOf(ladder({ interlaced: true }))).toContain("[0:2]yadif");
});

it("takes the poster from a time after the start", () => {
  expect([posterTime(20), posterTime(3_600), posterTime(0.04)]).toEqual([2, 10, 0.004]);
});

it("takes the poster from the segment that has its time", () => {
  const segments = [4, 4, 2].map((seconds, index) => ({ name: `${index}.m4s`, seconds, bytes: 1 }));
  const input = (seconds: number) => {
    const rung = { folder: "video_720p", init: "init.mp4", segments, seconds: 10 };
    return after(posterArguments(rung, seconds, source), "-i")[0];
  };
  expect([0, 3.9, 4.1, 9.9, 11].map(input)).toEqual(
    [0, 0, 1, 2, 2].map((index) => `concat:video_720p/init.mp4|video_720p/${index}.m4s`),
  );
});

it("decodes the key frames alone for a sprite whose pictures are farther apart than they", () => {
  const of = (durationSeconds: number) => {
    const rung = { folder: "video_360p", init: "init.mp4", segments: [], seconds: durationSeconds };
    return spriteArguments(rung, spriteOf({ ...source, durationSeconds }), source);
  };
  expect(after(of(3_600), "-skip_frame")).toEqual(["nokey"]);
  expect(of(60)).not.toContain("-skip_frame");
});
