import { aliasesOf } from "../../../tools/delivery/watched";
import { synthEnvironment } from "../../support/synth";

test("finds the aliases of the functions that were synthesized", () => {
  expect(aliasesOf(synthEnvironment("prod").json)).toEqual([
    { functionName: "streamflow-prod-media", name: "live" },
    { functionName: "streamflow-prod-migrate", name: "live" },
  ]);
});
