import { brightTime } from "../../../handlers/processor/pictures";

const times = { interval: 2, wanted: 4 };

it("takes the wanted time where the picture is bright", () => {
  expect(brightTime([120, 120, 120, 120], times)).toBe(4);
  expect(brightTime([16, 120, 120], { interval: 1, wanted: 1.4 })).toBe(1.4);
});

it("takes the nearest time at which the picture is bright", () => {
  expect(brightTime([16, 16, 16, 90, 120], times)).toBe(6);
  expect(brightTime([90, 16, 16, 16, 16, 120], times)).toBe(0);
});

it("takes the brightest time of a dark picture, and the wanted time without any", () => {
  expect(brightTime([16, 16, 20, 31, 18], times)).toBe(6);
  expect(brightTime([], times)).toBe(4);
});
