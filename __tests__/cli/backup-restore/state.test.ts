import { choose, type StateVersion } from "../../../cli/backup-restore/state/versions";

const at = (time: string, current = false): StateVersion => ({
  id: `version-${time}`,
  time: new Date(time),
  current,
});
const versions = [at("2026-11-25T12:00:00Z", true), at("2026-11-25T10:00:00Z"), at("2026-11-25T08:00:00Z")];

test("the newest version that was there at the time is chosen", () => {
  const chosen = (to: string) => choose(versions, { to: new Date(to) }).time.toISOString();
  expect(chosen("2026-11-25T10:00:00Z")).toBe("2026-11-25T10:00:00.000Z");
  expect(chosen("2026-11-25T11:59:59Z")).toBe("2026-11-25T10:00:00.000Z");
  expect(choose(versions, { to: "latest" })).toBe(versions[0]);
});

test("a time before the first version and an unknown version are rejected, with the available ones", () => {
  expect(() => choose(versions, { to: new Date("2026-11-25T07:00:00Z") })).toThrow(
    "not be before the oldest version, 2026-11-25T08:00:00Z",
  );
  expect(() => choose(versions, { version: "none" })).toThrow(/version-2026-11-25T12:00:00Z.*got "none"/);
  expect(() => choose([], { to: "latest" })).toThrow("nothing was deployed yet");
});
