import { settingsDifferences, withSetting } from "../../../cli/compare/settings";
import { settingsOf } from "../../support/synth";

const paths = (a: string, b: string) =>
  settingsDifferences(settingsOf(a), settingsOf(b)).map(({ path }) => path);

test("settings differ by their innermost paths, the name left out", () => {
  const found = paths("staging", "prod");
  expect(found).toEqual(expect.arrayContaining(["database.instanceClass", "network.nat", "account"]));
  expect(found).not.toContain("name");
  expect(found).not.toContain("database");
});

test("alternatives are exchanged as a whole", () => {
  // Alarms are { off } or { emails }; half of each is invalid.
  expect(paths("dev", "staging")).toEqual(expect.arrayContaining(["alarms", "backup", "firewall.edge"]));
  expect(paths("staging", "prod")).toEqual(expect.arrayContaining(["backup.vaultLock", "grafana"]));
});

test("all differences applied result in the other environment except for its name", () => {
  const [a, b] = [settingsOf("dev"), settingsOf("prod")];
  const twin = settingsDifferences(a, b).reduce((mixed, { path, to }) => withSetting(mixed, path, to), a);
  expect(twin).toEqual({ ...b, name: "dev" });
  const back = settingsDifferences(b, a).reduce((mixed, { path, to }) => withSetting(mixed, path, to), b);
  expect(back).toEqual({ ...a, name: "prod" });
});
