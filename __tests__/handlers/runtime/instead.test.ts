import ours from "../../../handlers/runtime/instead/debug";
import { gte } from "../../../handlers/runtime/instead/semver";

it.each([
  ["22.1.0", "8.0.0", true],
  ["v22.1.0", "8.0.0", true],
  ["8.0.0", "8.0.0", true],
  ["8.0.1", "8.0.0", true],
  ["7.10.10", "8.0.0", false],
  ["2.7.15", "2.7.16", false],
  ["10.0.0", "9.9.9", true],
])("release %s is not older than %s: %s", (release, other, expected) => {
  expect(gte(release, other)).toBe(expected);
});

it("the silent debug is off, and says nothing when it is called all the same", () => {
  const debug = ours("ioredis:redis");
  expect([debug.enabled, debug.namespace]).toEqual([false, "ioredis:redis"]);
  expect(debug()).toBeUndefined();
});
