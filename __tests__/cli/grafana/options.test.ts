import { parseOptions } from "../../../cli/grafana/options";

it("takes an environment, and at most one way not to change Grafana", () => {
  expect(parseOptions(["prod"])).toMatchObject({ environment: "prod", dryRun: false, out: undefined });
  expect(parseOptions(["prod", "--dry-run"]).dryRun).toBe(true);
  expect(parseOptions(["prod", "--out", "/x"]).out).toBe("/x");
  expect(parseOptions(["--help"]).help).toBe(true);
});

it.each([
  [[], "wants an environment, got none"],
  [["dev", "prod"], "got dev prod"],
  [["prod", "--dry-run", "--out", "x"], "exclude each other"],
  [["prod", "--folder", "x"], "--folder"],
])("fails on %j, naming what is allowed", (args, told) => {
  expect(() => parseOptions(args)).toThrow(told);
  expect(() => parseOptions(args)).toThrow("npm run grafana -- --help");
});
