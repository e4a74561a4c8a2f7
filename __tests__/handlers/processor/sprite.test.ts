import { spriteCues, spriteOf } from "../../../handlers/processor/sprite";

const of = (durationSeconds: number, width = 1920, height = 1080) =>
  spriteOf({ width, height, durationSeconds });

it.each([
  [0.04, { count: 1, columns: 1, rows: 1, interval: 1 }],
  [9.2, { count: 10, columns: 10, rows: 1, interval: 1 }],
  [11, { count: 11, columns: 10, rows: 2, interval: 1 }],
  [100, { count: 100, columns: 10, rows: 10, interval: 1 }],
  [7_200, { count: 100, columns: 10, rows: 10, interval: 72 }],
])("lays out a video of %d s", (seconds, expected) => {
  expect(of(seconds)).toMatchObject({ width: 160, height: 90, ...expected });
});

it("keeps the shape of a standing picture", () =>
  expect(of(5, 1080, 1920)).toMatchObject({ width: 90, height: 160 }));

it.each([0.5, 9.2, 11, 100, 543.21, 43_200])(
  "has cues without gap from 0 to the end of %d s, each in the image",
  (seconds) => {
    const sprite = of(seconds);
    const cues = [
      ...spriteCues(sprite, seconds).matchAll(/^(\S+) --> (\S+)\nsprite\.jpg#xywh=(\d+),(\d+),160,90$/gm),
    ];
    expect(cues).toHaveLength(sprite.count);
    cues.forEach(([, start, , x, y], index) => {
      expect(start).toBe(index === 0 ? "00:00:00.000" : cues[index - 1]?.[2]);
      expect(Number(x)).toBeLessThan(sprite.columns * 160);
      expect(Number(y)).toBeLessThan(sprite.rows * 90);
    });
    const [hours = 0, minutes = 0, rest = 0] = (cues.at(-1)?.[2] ?? "").split(":").map(Number);
    expect(hours * 3_600 + minutes * 60 + rest).toBeCloseTo(seconds, 3);
  },
);
