import { plainHttpWarning } from "../../../cli/lib/prepared-stack";
import { settingsOf } from "../../support/synth";

test("a protected environment without a certificate for its load balancer has a warning", () => {
  const dns = { off: "a test" };
  const protectedOne = { ...settingsOf("prod"), protect: true };
  expect(plainHttpWarning({ ...protectedOne, dns })).toMatch(/^warning: prod\.dns is off: .*plain HTTP/);
  expect(plainHttpWarning({ ...protectedOne, dns, protect: false })).toBeUndefined();
  const zone = { kind: "route53", hostedZoneId: "Z0123456789" } as const;
  expect(plainHttpWarning({ ...protectedOne, dns: zone })).toBeUndefined();
});
