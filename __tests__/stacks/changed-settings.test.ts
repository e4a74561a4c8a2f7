import { isDeepStrictEqual } from "node:util";
import { checkEnvironments, environmentSchema, type EnvironmentSettings } from "../../stacks/settings";
import { expectNoFaults } from "../support/faults";
import { changesOfDev, changesOfProd, type ChangedSettings, UNCHANGED } from "../support/changed-settings";

const keys = Object.keys(environmentSchema.shape) as (keyof EnvironmentSettings)[];

const changedIn = ({ before, changed }: ChangedSettings) =>
  keys.filter((key) => !isDeepStrictEqual(before[key], changed[key]));

test("each setting is changed in what runs, or a reason says why not", () => {
  const changed = [changesOfDev, changesOfProd].flatMap(changedIn);
  const file = "__tests__/support/changed-settings.ts";
  expectNoFaults(
    keys.flatMap((key) => {
      const isChanged = changed.includes(key);
      if (isChanged !== key in UNCHANGED) return [];
      return isChanged
        ? `${key} is changed: remove it from UNCHANGED in ${file}`
        : `${key} is never changed in what runs: change it in ${file}, or add the reason to UNCHANGED there`;
    }),
  );
});

test.each([
  ["dev", changesOfDev],
  ["prod", changesOfProd],
])("the changed settings of %s are right", (_, { before, changed }) => {
  expect(() => checkEnvironments([before])).not.toThrow();
  expect(() => checkEnvironments([changed])).not.toThrow();
});
