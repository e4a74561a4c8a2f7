import { createExistingResources, existingResourcesOf } from "../../../cli/start/existing-resources";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import type { DnsSettings } from "../../../stacks/constructs/edge/settings";
import { settingsOf, synthEnvironment } from "../../support/synth";

const stackWith = (dns: DnsSettings): Stack => new Stack("dev", synthEnvironment("dev", { dns }).json);
const arn = (number: number): string =>
  `arn:aws:acm:us-east-1:111111111111:certificate/12345678-1234-1234-1234-12345678901${number}`;

const { domain } = settingsOf("dev");
const zone = stackWith({ kind: "route53", hostedZoneId: "Z0123456789" });
const certificates = stackWith({
  kind: "certificates",
  edgeCertificateArn: arn(1),
  originCertificateArn: arn(2),
});
const off = stackWith({ off: "a test" });

test("the zone of the stack's records has the environment's domain", () => {
  expect(existingResourcesOf(zone)).toEqual({ zones: { Z0123456789: domain }, certificates: {} });
});

test("certificates that the stack uses and does not create have the domain too", () => {
  expect(existingResourcesOf(certificates)).toEqual({
    zones: {},
    certificates: { [arn(1)]: domain, [arn(2)]: domain },
  });
});

test("without a domain, the account needs nothing", () => {
  expect(existingResourcesOf(off)).toEqual({ zones: {}, certificates: {} });
});

test("an emulator that refuses them ends the start, and is not asked for nothing", async () => {
  const nowhere = "http://127.0.0.1:1";
  await expect(createExistingResources(nowhere, zone)).rejects.toThrow();
  await expect(createExistingResources(nowhere, off)).resolves.toBeUndefined();
});
