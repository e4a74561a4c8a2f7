import { readFileSync } from "node:fs";
import { join } from "node:path";
import { synthEnvironment, synthFoundation } from "./support/synth";
import { testEnvironments } from "./support/test-environments";

const table = readFileSync(join(__dirname, "../docs/spec.md"), "utf8");
const addresses = [...table.matchAll(/`(aws_\w+\.[\w*]+)`/g)].map((match) => match[1] ?? "");

/** Addresses of all resources of all environments, each with a hosted zone so that it has every resource. */
const known = [
  ...testEnvironments.map(({ name }) =>
    synthEnvironment(name, { dns: { kind: "route53", hostedZoneId: "Z0123456789" } }),
  ),
  ...testEnvironments.map(({ name }) => synthFoundation(name)),
].flatMap(({ resources }) => [...resources.keys()]);

test("names enough addresses to be worth a test", () => {
  expect(addresses.length).toBeGreaterThan(30);
});

test.each(addresses)("%s, which the table names, is there", (address) => {
  const pattern = new RegExp(`^${address.replaceAll(".", "\\.").replaceAll("*", "\\w+")}$`);
  expect(known.filter((name) => pattern.test(name))).not.toEqual([]);
});
