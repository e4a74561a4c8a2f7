import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { masterPlaylist, type StreamPlaylists } from "../../../handlers/processor/master-playlist";
import type { Playlist } from "../../../handlers/processor/stream-files";

const folder = mkdtempSync(join(tmpdir(), "master-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A playlist of segments that are given as seconds and bytes; its init segment has a codec's three bytes. */
function playlist(
  name: string,
  codec: string,
  ...segments: readonly (readonly [number, number])[]
): Playlist {
  mkdirSync(join(folder, name), { recursive: true });
  const init = `....avcC\u0001${Buffer.from(codec, "hex").toString("latin1")}rest`;
  writeFileSync(join(folder, name, "init.mp4"), init, "latin1");
  return {
    folder: name,
    init: "init.mp4",
    segments: segments.map(([seconds, bytes], index) => ({ name: `${index}.m4s`, seconds, bytes })),
    seconds: segments.reduce((sum, [seconds]) => sum + seconds, 0),
  };
}

const masterOf = (stream: Partial<StreamPlaylists> & Pick<StreamPlaylists, "rungs">): Promise<string> =>
  masterPlaylist({ folder, frameRate: 30_000 / 1_001, sounds: [], subtitles: [], ...stream });

const bandwidthOf = async (...segments: readonly (readonly [number, number])[]): Promise<number> => {
  const rung = {
    playlist: playlist("only", "64001f", ...segments),
    width: 2,
    height: 2,
    codec: "h264" as const,
  };
  return Number(/[:,]BANDWIDTH=(\d+)/.exec(await masterOf({ rungs: [rung] }))?.[1]);
};

test("names each rung with its size, rate and codecs, and the sound that goes with it", async () => {
  const audio = playlist("audio", "", [4, 64_000], [2, 32_000]);
  const rungs = [
    {
      playlist: playlist("video_720p", "64001f", [4, 1_000_000], [2, 250_000]),
      width: 1280,
      height: 720,
      codec: "h264" as const,
    },
    {
      playlist: playlist("video_360p", "64001e", [4, 100_000], [2, 50_000]),
      width: 640,
      height: 360,
      codec: "h264" as const,
    },
  ];
  const sounds = [{ playlist: audio, uri: "audio/index.m3u8", language: undefined, title: undefined }];
  expect((await masterOf({ rungs, sounds })).split("\n")).toEqual([
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio/index.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=2128000,AVERAGE-BANDWIDTH=1794667,RESOLUTION=1280x720,FRAME-RATE=29.970,VIDEO-RANGE=SDR,CODECS="avc1.64001f,mp4a.40.2",AUDIO="audio",CLOSED-CAPTIONS=NONE',
    "video_720p/index.m3u8",
    '#EXT-X-STREAM-INF:BANDWIDTH=328000,AVERAGE-BANDWIDTH=328000,RESOLUTION=640x360,FRAME-RATE=29.970,VIDEO-RANGE=SDR,CODECS="avc1.64001e,mp4a.40.2",AUDIO="audio",CLOSED-CAPTIONS=NONE',
    "video_360p/index.m3u8",
    "",
  ]);
});

test("names each sound and subtitle once, with its language, and the first sound as the default", async () => {
  const rungs = [
    {
      playlist: playlist("video_360p", "64001e", [4, 100_000]),
      width: 640,
      height: 360,
      codec: "h264" as const,
    },
  ];
  const sound = (language: string | undefined, title?: string) => ({
    playlist: playlist("audio", "", [4, 64_000]),
    uri: "audio/index.m3u8",
    language,
    title,
  });
  const text = { uri: "subtitles_1/index.m3u8", language: "por", title: undefined };
  const master = await masterOf({
    rungs,
    sounds: [sound("por"), sound("por"), sound(undefined, 'Director"s\ncut')],
    subtitles: [text],
  });
  expect(master.split("\n").filter((line) => line.startsWith("#EXT-X-MEDIA"))).toEqual([
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="português",LANGUAGE="pt",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio/index.m3u8"',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="português 2",LANGUAGE="pt",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="audio/index.m3u8"',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Director s cut",DEFAULT=NO,AUTOSELECT=YES,CHANNELS="2",URI="audio/index.m3u8"',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="português",LANGUAGE="pt",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="subtitles_1/index.m3u8"',
  ]);
  expect(master).toContain('SUBTITLES="subtitles"');
});

test.each([
  ["eng", 'NAME="English",LANGUAGE="en"'],
  ["pt_BR", 'NAME="português (Brasil)",LANGUAGE="pt-BR"'],
  ["qaa", 'NAME="qaa",LANGUAGE="qaa"'],
  ['en",URI="https://example.org/other.m3u8', 'NAME="Subtitles"'],
  ["not a language", 'NAME="Subtitles"'],
])("names the language %j of a file as players know it, or not at all", async (language, expected) => {
  const one = playlist("named", "64001e", [4, 100_000]);
  const master = await masterOf({
    rungs: [{ playlist: one, width: 640, height: 360, codec: "h264" }],
    subtitles: [{ uri: "subtitles_1/index.m3u8", language, title: undefined }],
  });
  expect(master).toContain(`GROUP-ID="subtitles",${expected},DEFAULT=NO`);
  expect(master).not.toContain("example.org");
});

test.each([
  ["main profile, level 4.0, 8 bits", [0x81, 0x08, 0x0c], "av01.0.08M.08"],
  ["high tier, 10 bits", [0x81, 0x2d, 0xc0], "av01.1.13H.10"],
])("names AV1: %s", async (_, bytes, name) => {
  const one = playlist("av1", "64001f", [4, 1_000]);
  writeFileSync(join(folder, "av1/init.mp4"), Buffer.from([0, 0, 0, 20, ...Buffer.from("av1C"), ...bytes]));
  const text = await masterOf({ rungs: [{ playlist: one, width: 1920, height: 1080, codec: "av1" }] });
  expect(text).toContain(`CODECS="${name}"`);
});

test("names no sound for a silent video", async () => {
  const rungs = [
    { playlist: playlist("silent", "42c00c", [4, 1_000]), width: 320, height: 180, codec: "h264" as const },
  ];
  const text = await masterOf({ rungs });
  expect(text).toContain('CODECS="avc1.42c00c"');
  expect(text).not.toMatch(/AUDIO|mp4a/);
});

test.each([
  ["a video of a single frame", [[0.04, 500]], 100_000],
  ["the highest segment", [[4, 1_000], [4, 4_000], [4, 1_000]], 8_000], // prettier-ignore
  ["two short segments in a row, which last at most one and a half", [[4, 1_000], [3, 6_000], [3, 6_000]], 16_000], // prettier-ignore
  [
    "no segment of less than half a length alone",
    [
      [4, 4_000],
      [1, 3_000],
    ],
    11_200,
  ],
] as const)("states the peak of %s", async (_, segments, expected) => {
  expect(await bandwidthOf(...segments)).toBe(expected);
});

test("fails on a playlist that lasts no time", async () => {
  await expect(bandwidthOf([0, 500])).rejects.toThrow("lasts no time");
});

test("fails on an init segment without H.264", async () => {
  const broken = playlist("broken", "64001f", [4, 1_000]);
  writeFileSync(join(folder, "broken/init.mp4"), "hvcC");
  await expect(
    masterOf({ rungs: [{ playlist: broken, width: 2, height: 2, codec: "h264" }] }),
  ).rejects.toThrow(/broken\/init\.mp4 has no avcC/);
});
