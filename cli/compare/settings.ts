import { isDeepStrictEqual } from "node:util";
import type { EnvironmentSettings } from "../../stacks/settings";

/** A setting with different values in two environments. */
export interface SettingsDifference {
  /** Such as `database.instanceClass`. */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

type Group = Readonly<Record<string, unknown>>;

const isGroup = (value: unknown): value is Group =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Differences between the settings of two environments, without the name. */
export function settingsDifferences(a: EnvironmentSettings, b: EnvironmentSettings): SettingsDifference[] {
  const all = differences(a, b, []);
  return all.filter(({ path }) => path !== "name");
}

function differences(a: Group, b: Group, path: readonly string[]): SettingsDifference[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => {
    const [from, to, here] = [a[key], b[key], [...path, key]];
    if (isDeepStrictEqual(from, to)) return [];
    // groups with different fields are alternatives; mixing their fields is invalid
    if (isGroup(from) && isGroup(to) && sameKeys(from, to)) return differences(from, to, here);
    return [{ path: here.join("."), from, to }];
  });
}

function sameKeys(a: Group, b: Group): boolean {
  return isDeepStrictEqual(Object.keys(a).sort(), Object.keys(b).sort());
}

/** A copy of the settings with another value at a path; `undefined` removes it. */
export function withSetting<Settings extends object>(
  settings: Settings,
  path: string,
  value: unknown,
): Settings {
  const [key = "", ...rest] = path.split(".");
  const { [key]: old, ...others } = settings as Record<string, unknown>;
  if (rest.length === 0) return (value === undefined ? others : { ...others, [key]: value }) as Settings;
  return { ...others, [key]: withSetting(old ?? {}, rest.join("."), value) } as Settings;
}
