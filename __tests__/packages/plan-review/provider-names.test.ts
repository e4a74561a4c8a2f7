import { expectNoFaults } from "../../support/faults";
import names from "../../support/provider-names/names.json";
import { endsWith, matchesName, ruleAttributes, ruleTypes } from "../../support/provider-names/rule-names";

/** Google Cloud, Azure and Kubernetes; the names of AWS are checked against the provider itself. */
const OTHERS = /^(?:google|azurerm|kubernetes)_/;
const types = Object.entries(names.types);

const hasType = (name: string): boolean => types.some(([type]) => matchesName(name, type));
const hasAttribute = (names: readonly string[], attribute: string): boolean =>
  types.some(
    ([type, paths]) =>
      names.some((name) => matchesName(name, type)) && paths.some((path) => endsWith(path, attribute)),
  );

test("every type of Google Cloud, Azure and Kubernetes that a rule names is one of a provider", () => {
  const named = ruleTypes().filter((name) => OTHERS.test(name));
  expect(named.length).toBeGreaterThan(150);
  expectNoFaults(named.filter((name) => !hasType(name)));
  expect(hasType("google_no_such_thing")).toBe(false);
  expect(hasType("azurerm_mssql_databases")).toBe(false);
});

test("every attribute of a rule for these providers alone is one of their types", () => {
  const rules = ruleAttributes().filter((rule) => rule.types.every((name) => OTHERS.test(name)));
  expect(rules.length).toBeGreaterThan(20);
  expectNoFaults(
    rules.flatMap((rule) =>
      rule.attributes
        .filter((attribute) => !hasAttribute(rule.types, attribute))
        .map((attribute) => `${rule.types.join(", ")}: no ${attribute}`),
    ),
  );
  expect(hasAttribute(["google_*"], "no_such_attribute")).toBe(false);
  expect(hasAttribute(["kubernetes_*"], "public_network_access_enabled")).toBe(false);
});

test("names the providers and packages that the names come from", () => {
  expect(names.sources).toContain("hashicorp/google 6.50.0, in @cdktf/provider-google 16.12.1");
});
