import { av1LadderOf, fittedInto, ladderOf } from "../../../handlers/processor/ladder";

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

describe("in AV1", () => {
  it("has the same sizes with lower bit rates", () => {
    const h264 = ladderOf({ width: 1920, height: 1080, rate: 30 });
    const av1 = av1LadderOf(h264);
    expect(av1.map(({ width, height }) => [width, height])).toEqual(
      h264.map(({ width, height }) => [width, height]),
    );
    expect(av1.map(({ name }) => name)).toEqual(h264.map(({ name }) => name.replace("video", "av1")));
    av1.forEach(({ kilobits }, index) => expect(kilobits).toBeLessThan(h264[index]?.kilobits ?? 0));
  });

  it("has no size that the encoder refuses", () => {
    expect(av1LadderOf(ladderOf({ width: 320, height: 62, rate: 30 }))).toEqual([]);
    expect(av1LadderOf(ladderOf({ width: 320, height: 64, rate: 30 }))).toHaveLength(1);
  });
});

describe("on a small disk", () => {
  const ladder = ladderOf({ width: 1920, height: 1080, rate: 30 });
  const kilobitsOf = (rungs: readonly { readonly kilobits: number }[]) =>
    rungs.reduce((sum, { kilobits }) => sum + kilobits, 0);
  const room = { seconds: 3_600, otherKilobits: 128 };

  it("keeps the usual bit rates if they fit", () => {
    const bytes = ((kilobitsOf(ladder) + 128) * 1_000 * 3_600) / 8;
    expect(fittedInto(ladder, { ...room, bytes })).toEqual(ladder);
  });

  it("fits into what is there, each size by the same share", () => {
    const bytes = 1_000_000_000;
    const fitted = fittedInto(ladder, { ...room, bytes });
    expect(((kilobitsOf(fitted) + 128) * 1_000 * 3_600) / 8).toBeLessThanOrEqual(bytes);
    expect(kilobitsOf(fitted)).toBeGreaterThan(0.9 * ((bytes * 8) / 3_600 / 1_000 - 128));
  });

  it("counts a second copy of the largest size at the bit rate that it gets", () => {
    const bytes = 1_000_000_000;
    const [largest] = ladder;
    const copied = largest === undefined ? [] : [largest];
    const fitted = fittedInto(ladder, { ...room, bytes, copied });
    const all = kilobitsOf(fitted) + (fitted[0]?.kilobits ?? NaN) + 128;
    expect((all * 1_000 * 3_600) / 8).toBeLessThanOrEqual(bytes);
    expect(all).toBeGreaterThan((0.98 * bytes * 8) / 3_600 / 1_000);
  });

  it("asks for a larger disk before it makes something unwatchable", () => {
    expect(() => fittedInto(ladder, { ...room, bytes: 100_000_000 })).toThrow(
      "a stream of 3600 s does not fit into 100000000 bytes: give the task a larger disk",
    );
  });
});
