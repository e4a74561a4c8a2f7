import { ladderOf } from "../../../handlers/processor/ladder";

const sizes = (width: number, height: number) =>
  ladderOf({ width, height, rate: 30 }).map((rung) => `${rung.name} ${rung.width}x${rung.height}`);

const SMALL = ["video_240p 426x240", "video_144p 256x144"];

it.each([
  [
    1920,
    1080,
    ["video_1080p 1920x1080", "video_720p 1280x720", "video_480p 854x480", "video_360p 640x360", ...SMALL],
  ],
  [
    3840,
    2160,
    ["video_1080p 1920x1080", "video_720p 1280x720", "video_480p 854x480", "video_360p 640x360", ...SMALL],
  ],
  [
    1918,
    1078,
    ["video_1078p 1918x1078", "video_720p 1280x720", "video_480p 854x480", "video_360p 640x360", ...SMALL],
  ],
  [
    1600,
    900,
    ["video_900p 1600x900", "video_720p 1280x720", "video_480p 854x480", "video_360p 640x360", ...SMALL],
  ],
  [1280, 720, ["video_720p 1280x720", "video_480p 854x480", "video_360p 640x360", ...SMALL]],
  [
    720,
    1280,
    [
      "video_720p 720x1280",
      "video_480p 480x854",
      "video_360p 360x640",
      "video_240p 240x426",
      "video_144p 144x256",
    ],
  ],
  [
    1000,
    1000,
    [
      "video_1000p 1000x1000",
      "video_720p 720x720",
      "video_480p 480x480",
      "video_360p 360x360",
      "video_240p 240x240",
      "video_144p 144x144",
    ],
  ],
  [641, 361, ["video_360p 640x360", ...SMALL]],
  [320, 240, ["video_240p 320x240", "video_144p 192x144"]],
  [161, 91, ["video_90p 160x90"]],
  [2, 2, ["video_2p 2x2"]],
])("gives %i × %i the right sizes", (width, height, expected) =>
  expect(sizes(width, height)).toEqual(expected),
);

it("never enlarges, keeps the shape, and has even sides, whatever the size", () => {
  for (let width = 2; width <= 4_100; width += 131) {
    for (let height = 2; height <= 2_200; height += 127) {
      const rungs = ladderOf({ width, height, rate: 30 });
      expect(rungs.length).toBeGreaterThan(0);
      expect(new Set(rungs.map(({ name }) => name)).size).toBe(rungs.length);
      for (const rung of rungs) {
        expect(rung.width % 2 || rung.height % 2).toBe(0);
        expect(rung.width <= width && rung.height <= height && rung.width >= 2 && rung.height >= 2).toBe(
          true,
        );
        const factor = Math.max(rung.width / width, rung.height / height);
        expect(Math.abs(rung.width - factor * width)).toBeLessThanOrEqual(2 + (2 * width) / height);
        expect(Math.max(rung.width, rung.height)).toBeLessThanOrEqual(1_920);
      }
    }
  }
});

it("allows more bits for larger pictures and for more frames a second, and less for each of them", () => {
  const kilobits = (width: number, height: number, rate: number) =>
    ladderOf({ width, height, rate })[0]?.kilobits ?? 0;
  expect(kilobits(1_920, 1_080, 25)).toBe(5_000);
  expect(kilobits(1_280, 720, 30)).toBeGreaterThan((5_000 * 1_280 * 720) / (1_920 * 1_080));
  expect(kilobits(1_920, 1_080, 60)).toBeGreaterThan(5_000);
  expect(kilobits(1_920, 1_080, 60)).toBeLessThan(10_000);
});
