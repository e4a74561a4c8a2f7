import { isDeepStrictEqual } from "node:util";
import type { EnvironmentSettings } from "../../stacks/settings";
import { type Difference, differencesOf, keyOf } from "./differences";
import { type Elements, elementsOf } from "./flatten";
import { type SettingsDifference, settingsDifferences, withSetting } from "./settings";

/** Synthesizes the stack of some settings; throws when they make none. */
export type Synth = (settings: EnvironmentSettings) => object;

export interface Explained extends Difference {
  /** The settings by which it is so: one, or several that play together. */
  readonly by: readonly string[];
}

export interface Comparison {
  readonly settings: readonly SettingsDifference[];
  readonly explained: readonly Explained[];
  /** What would differ even if every setting but the name were the same. */
  readonly unexplained: readonly Difference[];
}

/**
 * Finds in which attributes two environments differ, and which setting makes each differ, by trying: the stack of `a`
 * is synthesized again with each of `b`'s settings alone, and that of `b` without it. Names and account ids are no
 * difference.
 */
export function compare(a: EnvironmentSettings, b: EnvironmentSettings, synth: Synth): Comparison {
  const elements = (settings: EnvironmentSettings) => neutral(synth(settings), [a, b]);
  const settings = settingsDifferences(a, b);
  const [ofA, ofB] = [elements(a), elements(b)];
  const differences = differencesOf(ofA, ofB);
  const twin = settings.reduce((mixed, { path, to }) => withSetting(mixed, path, to), a);
  const unexplained = differencesOf(elements(twin), ofB).filter((difference) => !isDigest(difference));

  const open = new Set(unexplained.map(keyOf));
  const rest = differences.filter((difference) => !open.has(keyOf(difference)));
  const forward = effects(ofA, settings, ({ path, to }) => elements(withSetting(a, path, to)));
  const some = rest.map((difference) => ({ ...difference, by: explanations(difference, forward) }));
  // what takes two settings at once: without either it is not so
  const backward = some.some(({ by }) => by.length === 0)
    ? effects(ofB, settings, ({ path, from }) => elements(withSetting(b, path, from)))
    : [];
  const explained = some.map((difference) => {
    if (difference.by.length > 0) return difference;
    const by = touching(difference, backward);
    return { ...difference, by: by.length === 0 && isDigest(difference) ? ["name"] : by };
  });
  return { settings, explained, unexplained };
}

/** Whether both are digests of texts that may hold names: what they are of is compared itself. */
function isDigest({ from, to }: Difference): boolean {
  return [from, to].every((value) => typeof value === "string" && /^[0-9a-f]{40,128}$/.test(value));
}

interface Effect {
  readonly path: string;
  readonly changed: ReadonlyMap<string, Difference>;
}

function effects(
  base: Elements,
  settings: readonly SettingsDifference[],
  synthesize: (difference: SettingsDifference) => Elements,
): Effect[] {
  return settings.flatMap((difference) => {
    try {
      const changed = differencesOf(base, synthesize(difference));
      return [{ path: difference.path, changed: new Map(changed.map((one) => [keyOf(one), one])) }];
    } catch {
      // a setting that makes no stack without the others explains nothing alone
      return [];
    }
  });
}

/** The settings that alone make it so; else those that alone make it different. */
function explanations(difference: Difference, all: readonly Effect[]): string[] {
  const exact = all.filter(
    ({ changed }) =>
      isDeepStrictEqual(changed.get(keyOf(difference))?.to ?? null, difference.to ?? null) &&
      changed.has(keyOf(difference)),
  );
  return exact.length > 0 ? exact.map(({ path }) => path) : touching(difference, all);
}

function touching(difference: Difference, all: readonly Effect[]): string[] {
  return all.filter(({ changed }) => changed.has(keyOf(difference))).map(({ path }) => path);
}

/** The elements with both environments' names and accounts replaced, so that they are no difference. */
function neutral(json: object, both: readonly EnvironmentSettings[]): Elements {
  const names = both.map(({ name }) => name).join("|");
  const accounts = both.map(({ account }) => account).join("|");
  const text = JSON.stringify(json)
    // also where a name was made of letters and digits alone, as a statement's id is
    .replace(new RegExp(`\\b(${names})\\b|(?<=streamflow)(${names})`, "g"), "ENVIRONMENT")
    .replace(new RegExp(accounts, "g"), "ACCOUNT");
  return elementsOf(JSON.parse(text) as object);
}
