import { evaluate } from "../../policies/evaluate";
import { exceptions } from "../../policies/exceptions";
import { Stack } from "../../packages/terraform/synthesized-stack";
import { checkEnvironments } from "../../stacks/settings";
import { VARIANTS } from "../support/setting-variants";
import { settingsOf, synthFoundationOf, synthSettings } from "../support/synth";

const today = new Date();

/** Findings of the policies in a stack, in one line each; exceptions of other settings may be unused. */
function findingsIn(name: string, json: unknown): string[] {
  const { findings } = evaluate([new Stack(name, json)], { exceptions, today });
  return findings
    .filter(({ stack }) => stack === name)
    .map(({ rule, address, finding }) => `${rule}: ${address} ${finding}`);
}

describe.each(["dev", "prod"])("%s", (name) => {
  test.each(VARIANTS)("with %s is accepted, synthesized and satisfies the policies", (_, change) => {
    const base = settingsOf(name);
    const settings = { ...base, ...change(base) };
    expect(() => checkEnvironments([settings])).not.toThrow();
    const stack = synthSettings(settings);
    expect(stack.resources.size).toBeGreaterThan(150);
    expect(findingsIn(`streamflow-${name}`, stack.json)).toEqual([]);
    const foundation = synthFoundationOf([settings]);
    expect(foundation.resources.size).toBeGreaterThan(3);
    expect(findingsIn(`streamflow-foundation-${settings.account}`, foundation.json)).toEqual([]);
  });
});

test("with a cache without logins, the policies name the setting that lowers the protection", () => {
  const dev = settingsOf("dev");
  const settings = { ...dev, cache: { ...dev.cache, authentication: { off: "a test" } } };
  expect(() => checkEnvironments([settings])).not.toThrow();
  const findings = findingsIn("streamflow-dev", synthSettings(settings).json);
  expect(findings).not.toEqual([]);
  expect(findings.filter((line) => !line.includes("aws_elasticache_replication_group.cache"))).toEqual([]);
});

test("a fourth environment beside dev is accepted, and the foundation keeps what it had", () => {
  const dev = settingsOf("dev");
  const fourth = { ...dev, name: "demo", domain: "demo.streamflow.com" };
  expect(() => checkEnvironments([dev, fourth])).not.toThrow();
  const [alone, together] = [synthFoundationOf([dev]), synthFoundationOf([dev, fourth])];
  const changed = [...alone.resources].filter(([address, resource]) => {
    const now = together.resources.get(address);
    return now === undefined || now.name !== resource.name || now.bucket !== resource.bucket;
  });
  expect(changed).toEqual([]);
});
