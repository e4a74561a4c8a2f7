import {
  checkArguments,
  complexityArguments,
  downloadArguments,
  inputArguments,
  ladderArguments,
  type Loudness,
  loudnessArguments,
  packetArguments,
  posterArguments,
  posterTime,
  soundArguments,
  spriteArguments,
  subtitleArguments,
} from "../../../handlers/processor/ffmpeg-arguments";
import type { Fields } from "../../../handlers/processor/fields";
import { av1LadderOf, ladderOf } from "../../../handlers/processor/ladder";
import type { Source } from "../../../handlers/processor/probe";
import { spriteOf } from "../../../handlers/processor/sprite";

const track = { index: 1, language: undefined, title: undefined };
const colour = {
  format: "yuv420p",
  matrix: "bt709",
  transfer: "bt709",
  primaries: "bt709",
  range: "tv",
};
const source: Source = {
  video: 2,
  sounds: [track],
  subtitles: [],
  chapters: [],
  width: 1280,
  height: 720,
  statedSeconds: 20,
  frameRate: "30000/1001",
  colour,
  lines: 720,
  interlaced: false,
  resizable: false,
  pictureFormat: false,
};
const whole = { video: { packets: 600, start: 0, end: 20 }, sounds: [], seconds: 20 };
interface Found {
  readonly lengths?: typeof whole;
  readonly fields?: Fields;
}
const ladder = (more: Partial<Source> = {}, { lengths = whole, fields = "none" }: Found = {}) => {
  const changed = { ...source, ...more };
  const encoding = { preset: "slow", threads: 3 };
  return ladderArguments({
    file: "/videos/x",
    source: changed,
    lengths,
    fields,
    ladder: ladderOf({ ...changed, rate: 30 }).slice(0, 3),
    encoding,
  });
};
const sound = (pair?: number, loudness?: Loudness) =>
  soundArguments({
    file: "/videos/x",
    track: pair === undefined ? track : { ...track, pair },
    name: "audio",
    seconds: 20,
    loudness,
  });
/** Values of an option, one for each time that it is given. */
const after = (args: readonly string[], option: string) =>
  args.filter((_, index) => args[index - 1] === option);
const filtersOf = (args: readonly string[]) => after(args, "-filter_complex")[0] ?? "";

it("allows ffmpeg to open only the file", () => {
  const texts = subtitleArguments("/videos/x", track, "text.vtt");
  const measured = loudnessArguments("/videos/x", track);
  for (const args of [ladder(), sound(), measured, texts, packetArguments("/videos/x", source)]) {
    expect(after(args, "-i")).toEqual(["file:/videos/x"]);
    expect(after(args, "-protocol_whitelist")).toEqual(["file"]);
    expect(args.indexOf("-protocol_whitelist")).toBeLessThan(args.indexOf("-i"));
    expect(args).toContain("-nostdin");
  }
  expect(after(inputArguments("x"), "-format_whitelist")[0]).not.toMatch(/hls|concat|dash|image|lavfi/);
});

it("maps only the selected streams, by their index", () => {
  expect(filtersOf(ladder())).toMatch(/^\[0:2\]/);
  expect(filtersOf(sound())).toMatch(/^\[0:1\]aresample/);
  expect(filtersOf(sound(4))).toMatch(/^\[0:1\]\[0:4\]amerge=inputs=2,/);
  expect(after(subtitleArguments("x", track, "text.vtt"), "-map")).toEqual(["0:1"]);
  expect(after(packetArguments("x", source), "-map")).toEqual(["0:2", "0:1"]);
  expect(after(packetArguments("x", { ...source, sounds: [] }), "-map")).toEqual(["0:2"]);
});

it("creates every rung from the same frames, with key frames every four seconds", () => {
  const args = ladder();
  expect(filtersOf(args)).toContain("split=3[s0][s1][s2]");
  expect(after(args, "-force_key_frames")).toEqual(["expr:gte(t,n_forced*4)"]);
  expect(after(args, "-sc_threshold")).toEqual(["0"]);
  expect(after(args, "-hls_time")).toEqual(["4"]);
  expect(Number(after(args, "-g")[0])).toBeGreaterThan(4 * 30);
});

it("makes AV1 of the same frames, with key frames at segment ends", () => {
  const rungs = av1LadderOf(ladderOf({ ...source, rate: 30 }));
  const args = ladderArguments({
    file: "/videos/x",
    source,
    lengths: whole,
    fields: "none",
    ladder: rungs,
    encoding: { preset: "slow", threads: 3 },
  });
  expect(filtersOf(args)).toContain(`split=${rungs.length}[s0]`);
  expect(after(args, "-c:v")).toEqual(["libsvtav1"]);
  expect(after(args, "-preset")).not.toEqual(["slow"]);
  expect(after(args, "-g")).toEqual(["120"]);
  expect(after(args, "-maxrate:v:0")).toEqual([`${rungs[0]?.kilobits}k`]);
  expect(after(args, "-var_stream_map")[0]).toMatch(/^v:0,name:av1_720p v:1,name:av1_480p /);
});

it("changes the loudness before silence is added, and limits peaks only where they would be too loud", () => {
  expect(filtersOf(sound(undefined, { gainDb: -3.5, limitDb: undefined }))).toMatch(
    /,volume=-3\.50dB,apad\[sound\]$/,
  );
  expect(filtersOf(sound(4, { gainDb: 6, limitDb: -6 }))).toMatch(
    /amerge.*,volume=6\.00dB,alimiter=level=false:limit=0\.5012,apad\[sound\]$/,
  );
  expect(filtersOf(sound())).not.toContain("volume");
});

it("measures the loudness of what is encoded", () => {
  const before = (args: readonly string[]) => filtersOf(args).replace(/,(?:ebur128|apad).*/, "");
  const pair = { ...track, pair: 4 };
  expect(before(loudnessArguments("/videos/x", track))).toBe(before(sound()));
  expect(before(loudnessArguments("/videos/x", pair))).toBe(before(sound(4)));
});

it("copies the largest size and every sound into a download", () => {
  const args = downloadArguments({ folder: "video_720p" }, [
    { folder: "audio", language: "por", title: "Original" },
    { folder: "audio_2", language: undefined, title: undefined },
  ]);
  expect(after(args, "-i")).toEqual(["video_720p/index.m3u8", "audio/index.m3u8", "audio_2/index.m3u8"]);
  expect(after(args, "-map")).toEqual(["0:0", "1:0", "2:0"]);
  expect(after(args, "-c")).toEqual(["copy"]);
  expect(after(args, "-metadata:s:a:0")).toEqual(["language=por", "title=Original"]);
  expect(after(args, "-metadata:s:a:1")).toEqual([]);
  // Without lines, a long copy would look as if it stood still.
  expect(after(args, "-progress")).toEqual(["pipe:1"]);
  expect(after(args, "-protocol_whitelist")).toEqual(["file", "file", "file"]);
});

it("repeats frames after they were scaled, at the end of each branch", () => {
  const branches = filtersOf(ladder()).split(";").slice(1);
  expect(branches).toHaveLength(3);
  for (const branch of branches) expect(branch).toMatch(/scale=.*,fps=30000\/1001:start_time=0\[v\d\]$/);
});

it("repeats the last frame until the sound ends, and a single one from its start", () => {
  const filters = (packets: number, end: number) =>
    filtersOf(ladder({}, { lengths: { ...whole, video: { packets, start: 0, end } } }));
  expect(filters(90, 3)).toContain("tpad=stop_mode=clone:stop_duration=17.000000");
  expect(filters(600, 19.8)).not.toContain("tpad");
  expect(filters(1, 0.04)).toContain("loop=loop=-1:size=1");
  expect(filters(600, 20)).not.toContain("loop");
  expect(after(ladder(), "-t")).toEqual(["20.000000"]);
});

it("looks at how complex a part is in the rate, and with the threads, in which it is encoded", () => {
  const look = {
    file: "/videos/x",
    source: { ...source, width: 3_840, height: 2_160 },
    seconds: 7.5,
    rung: { width: 426, height: 240 },
    rate: "60",
    encoding: { preset: "slow", threads: 3, memoryMiB: 960 },
  };
  const args = complexityArguments(look);
  expect(after(args, "-vf")).toEqual(["scale=426:240,format=yuv420p,fps=60"]);
  expect(after(args, "-threads")).toEqual(["1"]);
  expect(after(args, "-preset")).toEqual(["slow"]);
  expect(after(args, "-protocol_whitelist")).toEqual(["file"]);
});

it("sets speed and threads by the settings, and limits each rung", () => {
  const args = ladder();
  expect(after(args, "-preset")).toEqual(["slow"]);
  expect(after(args, "-threads")).toEqual(["3", "3"]);
  expect(after(args, "-maxrate:v:0")).toEqual(["2610k"]);
  expect(after(args, "-maxrate:v:2")).toEqual(["860k"]);
});

it("has one thread for large pictures in a small memory", () => {
  const threads = (width: number, memoryMiB?: number) => {
    const large = { ...source, width, height: (width * 9) / 16 };
    const encoding = { preset: "slow", threads: 3, memoryMiB };
    const rungs = ladderOf({ ...large, rate: 30 });
    return after(
      ladderArguments({ file: "x", source: large, lengths: whole, fields: "none", ladder: rungs, encoding }),
      "-threads",
    );
  };
  expect(threads(3_840, 960)).toEqual(["1", "1"]);
  expect(threads(3_840, 4_000)).toEqual(["3", "3"]);
  expect(threads(3_840)).toEqual(["3", "3"]);
  expect(threads(1_920, 960)).toEqual(["3", "3"]);
});

it("limits the decoder's picture size, also after smaller pictures", () => {
  const args = ladder();
  expect(after(args, "-max_pixels")).toEqual([String(8_192 * 4_352)]);
  expect(args.indexOf("-max_pixels")).toBeLessThan(args.indexOf("-i"));
});

it("makes sound in a run of its own, with silence before and after it, as long as the picture", () => {
  expect(after(ladder(), "-var_stream_map")[0]).toBe(
    "v:0,name:video_720p v:1,name:video_480p v:2,name:video_360p",
  );
  expect(ladder()).not.toContain("-c:a");
  expect(after(sound(), "-var_stream_map")).toEqual(["a:0,name:audio"]);
  expect(filtersOf(sound())).toMatch(/async=1:first_pts=0.*,apad\[sound\]$/);
  expect(after(sound(), "-t")).toEqual(after(ladder(), "-t"));
});

it("keeps the times of picture and sound, so that both begin at 0", () => {
  for (const args of [ladder(), sound()]) {
    expect(after(args, "-avoid_negative_ts")).toEqual(["disabled"]);
    expect(after(args, "-hls_segment_options")).toEqual(["movflags=+negative_cts_offsets"]);
  }
});

it("deinterlaces by what the frames consist of", () => {
  expect(ladder().join()).not.toMatch(/yadif|bwdif|fieldmatch/);
  expect(filtersOf(ladder({}, { fields: "flagged" }))).toContain("[0:2]yadif=deint=interlaced,");
  expect(filtersOf(ladder({}, { fields: "interlaced" }))).toContain("[0:2]bwdif");
  const telecined = filtersOf(ladder({}, { fields: "telecined" }));
  expect(telecined).toMatch(/fieldmatch.*decimate/);
  expect(telecined).toContain("fps=120000/5005:start_time=0");
});

it.each([
  ["BT.709", {}, undefined],
  ["no tag, in high definition", { matrix: undefined }, undefined],
  ["BT.601", { matrix: "smpte170m" }, "in_color_matrix=bt601:out_color_matrix=bt709"],
  ["the full range", { range: "pc" }, "in_color_matrix=bt709:out_color_matrix=bt709:out_range=tv"],
  ["JPEG", { format: "yuvj420p", matrix: undefined }, "in_color_matrix=bt601:out_color_matrix=bt709"],
  ["RGB", { format: "rgb24", matrix: "gbr" }, ":out_color_matrix=bt709:out_range=tv"],
])("converts colours of %s", (_, more, expected) => {
  const filters = filtersOf(ladder({ colour: { ...colour, ...more } }));
  if (expected === undefined) expect(filters).not.toContain("color_matrix");
  else expect(filters).toContain(expected);
  expect(filters).not.toContain("zscale");
});

it("converts the colours of a small picture without tags, which players take for BT.601", () => {
  expect(filtersOf(ladder({ lines: 480, colour: { ...colour, matrix: undefined } }))).toContain(
    "in_color_matrix=bt601",
  );
});

it.each(["smpte2084", "arib-std-b67"])(
  "maps the tones of %s, in the size of the largest rung",
  (transfer) => {
    const hdr = { ...colour, transfer, matrix: "bt2020nc", primaries: "bt2020" };
    expect(filtersOf(ladder({ width: 3_840, height: 2_160, colour: hdr }))).toMatch(
      /zscale=w=1920:h=1080:p=bt709:t=linear.*tonemap=.*split=/,
    );
  },
);

it("fits pictures of another shape into the rungs, where the file can have some", () => {
  expect(filtersOf(ladder({ resizable: true }))).toContain("pad=1280:720");
  expect(filtersOf(ladder())).not.toContain("pad=");
});

it("decodes the beginning of each playlist, and fails on an error", () => {
  const playlist = (folder: string) => ({
    folder,
    init: "init.mp4",
    segments: [{ name: "0.m4s", seconds: 4, bytes: 1 }],
    seconds: 4,
  });
  const args = checkArguments([playlist("video_720p"), playlist("audio")]);
  expect(after(args, "-i")).toEqual([
    "concat:video_720p/init.mp4|video_720p/0.m4s",
    "concat:audio/init.mp4|audio/0.m4s",
  ]);
  expect(after(args, "-map")).toEqual(["0:0", "1:0"]);
  expect(args).toContain("-xerror");
});

it("takes the poster from a time after the start", () => {
  expect([posterTime(20), posterTime(3_600), posterTime(0.04)]).toEqual([2, 10, 0.004]);
});

it("takes the poster from the segment that has its time", () => {
  const segments = [4, 4, 2].map((seconds, index) => ({ name: `${index}.m4s`, seconds, bytes: 1 }));
  const input = (seconds: number) => {
    const rung = { folder: "video_720p", init: "init.mp4", segments, seconds: 10 };
    return after(posterArguments(rung, seconds, 30), "-i")[0];
  };
  expect([0, 3.9, 4.1, 9.9, 11].map(input)).toEqual(
    [0, 0, 1, 2, 2].map((index) => `concat:video_720p/init.mp4|video_720p/${index}.m4s`),
  );
});

it("takes each thumbnail from the frame that is shown at its cue's time", () => {
  const rung = { folder: "video_144p", init: "init.mp4", segments: [], seconds: 250 };
  const sprite = spriteOf({ ...source, durationSeconds: 250 });
  expect(after(spriteArguments(rung, sprite, 25), "-vf")[0]).toContain(
    "select='gt(t+0.039000,selected_n*2.5)*lt(selected_n,100)'",
  );
});
