import { inputArguments, posterTime, transcodeArguments } from "../../../handlers/processor/ffmpeg-arguments";
import { ladderOf } from "../../../handlers/processor/ladder";
import { spriteOf } from "../../../handlers/processor/sprite";

const source = {
  ...{
    width: 1280,
    height: 720,
    durationSeconds: 20,
    frameRate: "30000/1001",
    hasAudio: true,
    interlaced: false,
  },
};
const plan = (more: object = {}) => {
  const changed = { ...source, ...more };
  const quality = { preset: "slow", threads: 3 };
  return {
    file: "/videos/x",
    source: changed,
    ladder: ladderOf(changed),
    sprite: spriteOf(changed),
    quality,
  };
};
/** What follows an option, each time that it is given. */
const after = (args: readonly string[], option: string) =>
  args.filter((_, index) => args[index - 1] === option);

it("lets ffmpeg open the file and nothing else", () => {
  const args = transcodeArguments(plan());
  expect(after(args, "-i")).toEqual(["file:/videos/x"]);
  expect(after(args, "-protocol_whitelist")).toEqual(["file"]);
  expect(args.indexOf("-protocol_whitelist")).toBeLessThan(args.indexOf("-i"));
  expect(after(inputArguments("x"), "-format_whitelist")[0]).not.toMatch(/hls|concat|dash|image|lavfi/);
  expect(args).toContain("-nostdin");
});

it("makes every rung of the same frames, with key frames every four seconds", () => {
  const args = transcodeArguments(plan());
  const [filters = ""] = after(args, "-filter_complex");
  expect(filters.match(/fps=30000\/1001/g)).toHaveLength(1);
  expect(filters).toContain("split=6");
  expect(after(args, "-force_key_frames")).toEqual(["expr:gte(t,n_forced*4)"]);
  expect(after(args, "-sc_threshold")).toEqual(["0"]);
  expect(after(args, "-hls_time")).toEqual(["4"]);
  expect(Number(after(args, "-g")[0])).toBeGreaterThan(4 * 30);
});

it("takes speed and threads from the quality, and limits each rung", () => {
  const args = transcodeArguments(plan());
  expect(after(args, "-preset")).toEqual(["slow"]);
  expect(after(args, "-threads")).toEqual(["3"]);
  expect(after(args, "-maxrate:v:0")).toEqual(["2800k"]);
  expect(after(args, "-maxrate:v:2")).toEqual(["800k"]);
});

it("has one sound for all rungs, and none where there is none", () => {
  expect(after(transcodeArguments(plan()), "-var_stream_map")[0]).toBe(
    "v:0,agroup:audio,name:video_720p v:1,agroup:audio,name:video_480p v:2,agroup:audio,name:video_360p a:0,agroup:audio,default:yes,name:audio",
  );
  const silent = transcodeArguments(plan({ hasAudio: false }));
  expect(after(silent, "-var_stream_map")[0]).toBe(
    "v:0,name:video_720p v:1,name:video_480p v:2,name:video_360p",
  );
  expect(silent).not.toContain("0:a:0");
});

it("deinterlaces only what is interlaced", () => {
  expect(transcodeArguments(plan()).join()).not.toContain("yadif");
  expect(transcodeArguments(plan({ interlaced: true })).join()).toContain("[0:v:0]yadif");
});

it("takes the poster from behind the beginning", () => {
  expect([posterTime(20), posterTime(3_600), posterTime(0.04)]).toEqual([2, 10, 0.004]);
});
