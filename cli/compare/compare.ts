import { isDeepStrictEqual } from "node:util";
import type { EnvironmentSettings } from "../../stacks/settings";
import { type Difference, differencesOf, keyOf } from "./differences";
import { type Elements, elementsOf } from "./flatten";
import { type SettingsDifference, settingsDifferences, withSetting } from "./settings";

/** Synthesizes a stack; throws if the settings are invalid. */
export type Synth = (settings: EnvironmentSettings) => object;

export interface Explained extends Difference {
  /** The settings that cause it, alone or together. */
  readonly by: readonly string[];
}

export interface Comparison {
  readonly settings: readonly SettingsDifference[];
  readonly explained: readonly Explained[];
  /** Differences that remain if all settings except the name are equal. */
  readonly unexplained: readonly Difference[];
}

/**
 * Finds the attributes in which two environments differ, and which setting causes each, by experiment: the stack of `a`
 * is synthesized with each single setting of `b`, and the stack of `b` without it. Names and account ids are ignored.
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
  // differences that need two settings: each one alone is not enough
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

/** Whether both values are digests of texts that can contain names; the texts are compared themselves. */
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
      // a setting that is invalid without the others explains nothing alone
      return [];
    }
  });
}

/** The settings that cause the difference alone, or else those that alone change it. */
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

/** The elements with the environments' names and accounts replaced by placeholders. */
function neutral(json: object, both: readonly EnvironmentSettings[]): Elements {
  const names = both.map(({ name }) => name).join("|");
  const accounts = both.map(({ account }) => account).join("|");
  const text = JSON.stringify(json)
    // also in ids made of letters and digits only, such as statement ids
    .replace(new RegExp(`\\b(${names})\\b|(?<=streamflow)(${names})`, "g"), "ENVIRONMENT")
    .replace(new RegExp(accounts, "g"), "ACCOUNT");
  return elementsOf(JSON.parse(text) as object);
}
