import "../../support/with-test-environments";
import { grafana } from "../../../cli/grafana/command";

it("accepts an environment, and at most one option that does not change Grafana", () => {
  expect(grafana.parse(["prod"])).toMatchObject({ environment: "prod", dryRun: false, out: undefined });
  expect(grafana.parse(["prod", "--dry-run"]).dryRun).toBe(true);
  expect(grafana.parse(["prod", "--out", "/x"]).out).toBe("/x");
});

it.each([
  [[], "missing ENVIRONMENT"],
  [["dev", "prod"], 'unexpected argument "prod"'],
  [["prod", "--dry-run", "--out", "x"], "can't be combined"],
  [["prod", "--folder", "x"], "unknown option --folder"],
])("fails on %j, naming what is allowed", (args, message) => {
  expect(() => grafana.parse(args)).toThrow(message);
  expect(() => grafana.parse(args)).toThrow("npm run grafana -- --help");
});
