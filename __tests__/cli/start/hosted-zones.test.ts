import { createHostedZones, hostedZonesOf } from "../../../cli/start/hosted-zones";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import { settingsOf, synthEnvironment } from "../../support/synth";

const named = new Stack(
  "dev",
  synthEnvironment("dev", { dns: { kind: "route53", hostedZoneId: "Z0123456789" } }).json,
);
const plain = new Stack("dev", synthEnvironment("dev", { dns: { off: "a test" } }).json);

test("the zone of the stack's records has the environment's domain", () => {
  expect(hostedZonesOf(named)).toEqual({ Z0123456789: settingsOf("dev").domain });
  expect(hostedZonesOf(plain)).toEqual({});
});

test("an emulator that refuses them ends the start, and without zones it is not asked", async () => {
  const nowhere = "http://127.0.0.1:1";
  await expect(createHostedZones(nowhere, named)).rejects.toThrow();
  await expect(createHostedZones(nowhere, plain)).resolves.toBeUndefined();
});
