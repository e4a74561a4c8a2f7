import { ladderOf } from "../../../handlers/processor/ladder";

const sizes = (width: number, height: number) =>
  ladderOf({ width, height }).map((rung) => `${rung.name} ${rung.width}x${rung.height}`);

it.each([
  [1920, 1080, ["video_1080p 1920x1080", "video_720p 1280x720", "video_480p 854x480", "video_360p 640x360"]],
  [3840, 2160, ["video_1080p 1920x1080", "video_720p 1280x720", "video_480p 854x480", "video_360p 640x360"]],
  [1280, 720, ["video_720p 1280x720", "video_480p 854x480", "video_360p 640x360"]],
  [1080, 1920, ["video_1080p 1080x1920", "video_720p 720x1280", "video_480p 480x854", "video_360p 360x640"]],
  [1920, 800, ["video_1080p 1920x800", "video_720p 1280x534", "video_480p 854x356", "video_360p 640x266"]],
  [1000, 1000, ["video_720p 720x720", "video_480p 480x480", "video_360p 360x360"]],
  [641, 361, ["video_360p 640x360"]],
  [320, 240, ["video_240p 320x240"]],
  [161, 91, ["video_90p 160x90"]],
  [2, 2, ["video_2p 2x2"]],
])("gives %i × %i the right sizes", (width, height, expected) =>
  expect(sizes(width, height)).toEqual(expected),
);

it("never enlarges, keeps the shape, and has even sides, whatever the size", () => {
  for (let width = 2; width <= 4_100; width += 131) {
    for (let height = 2; height <= 2_200; height += 127) {
      const rungs = ladderOf({ width, height });
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
