import { aliasesOf, pagesOf } from "../../../cli/delivery/watched";
import { synthEnvironment } from "../../support/synth";

test("finds the aliases of the functions that were synthesized", () => {
  expect(aliasesOf(synthEnvironment("prod").json)).toEqual([
    { functionName: "streamflow-prod-media", name: "live" },
    { functionName: "streamflow-prod-migrate", name: "live" },
  ]);
});

test("watches the alarms that wake somebody, of metrics and of promises, and no tickets", () => {
  const pages = pagesOf(synthEnvironment("prod").json);
  expect(pages).toContain("streamflow-prod-watch-alarms-api-errors");
  expect(pages).toContain("streamflow-prod-watch-slo-availability-fast");
  expect(pages.filter((name) => /dead-letters|backup-failed/.test(name))).toEqual([]);
  expect(pagesOf(synthEnvironment("dev").json)).toEqual([]);
});
