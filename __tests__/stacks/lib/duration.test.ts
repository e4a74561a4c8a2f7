import { type Duration, seconds } from "../../../stacks/lib/duration";

test.each<[Duration, number]>([
  ["1 second", 1],
  ["29 seconds", 29],
  ["5 minutes", 300],
  ["1.5 hours", 5_400],
  ["14 days", 1_209_600],
])("%s are %d seconds", (duration, expected) => {
  expect(seconds(duration)).toBe(expected);
});

test.each(["5 mins", "soon", "5", "-1 days"])("fails to read %j", (words) => {
  expect(seconds(words as Duration)).toBeNaN();
});
