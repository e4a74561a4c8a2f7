import { aliasesOf, pagesOf } from "../../../cli/delivery/watched";
import { Stack } from "@packages/terraform/synthesized-stack";
import { synthEnvironment } from "../../support/synth";

const stackOf = (name: string) => new Stack(name, synthEnvironment(name).json);

test("finds the aliases of the functions that were synthesized", () => {
  const aliases = aliasesOf(stackOf("prod"));
  expect(aliases).toContainEqual({ functionName: "streamflow-prod-media", name: "live" });
  expect(aliases).toHaveLength(stackOf("prod").of("aws_lambda_function").length);
});

test("watches the paging alarms, of metrics and of SLOs, and no tickets", () => {
  const pages = pagesOf(stackOf("prod"));
  expect(pages).toContain("streamflow-prod-watch-alarms-api-errors");
  expect(pages).toContain("streamflow-prod-watch-slo-availability-fast");
  expect(pages.filter((name) => /dead-letters|backup-failed/.test(name))).toEqual([]);
  expect(pagesOf(stackOf("dev"))).toEqual([]);
});
