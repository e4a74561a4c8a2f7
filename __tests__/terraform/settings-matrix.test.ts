import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";
import { checkEnvironments } from "../../stacks/settings";
import { VARIANTS } from "../support/setting-variants";
import { settingsOf, synthTo } from "../support/synth";
import { applyInMemory } from "./memory";

/**
 * The variants of the settings, put together into few environments: an apply in memory takes half a minute. Variants that
 * exclude each other are in different rows. One region stands for all, which differ in names only.
 */
const ROWS: Readonly<Record<string, readonly string[]>> = {
  dev: [
    ...["the region eu-west-1", "three zones", "a hosted zone", "Valkey", "PostgreSQL 18", "no NAT"],
    ...["its own keys", "on-demand tasks", "no web ACL at the edge", "Grafana by SAML"],
    "a synthetic check",
  ],
  staging: [
    ...["certificates of another provider", "PostgreSQL 15", "one NAT", "no alarms", "no backups"],
    ...["Terraform Cloud", "the review as a run task", "keys of AWS"],
  ],
  prod: [
    ...["a hosted zone", "PostgreSQL 16", "a NAT in each zone", "no service level", "nothing protected"],
    ...["AV1 and downloads", "no invalidations"],
  ],
};

/** What stacks.test.ts applies with the settings as they are. */
const AS_COMMITTED = ["PostgreSQL 17"];

let toolchain: TerraformToolchain;
let folder: string;
beforeAll(async () => {
  toolchain = await terraformToolchain();
  folder = mkdtempSync(join(tmpdir(), "streamflow-matrix-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each(Object.entries(ROWS))("%s with %j is applied and destroyed in memory", (name, variants) => {
  const changes = variants.map((variant) => {
    const [, change] = VARIANTS.find(([title]) => title === variant) ?? [];
    if (change === undefined) throw new Error(`no variant is called ${variant}`);
    return change;
  });
  const settings = changes.reduce((before, change) => ({ ...before, ...change(before) }), {
    ...settingsOf(name),
    protect: false,
  });
  expect(() => checkEnvironments([settings])).not.toThrow();
  const stack = synthTo(join(folder, name), [settings]).find((one) => one.endsWith(`streamflow-${name}`));
  applyInMemory({ toolchain, folder: stack ?? "" });
});

test("every kind of variant is in a row", () => {
  const tried = new Set([...Object.values(ROWS).flat(), ...AS_COMMITTED]);
  const left = VARIANTS.map(([title]) => title).filter(
    (title) => !tried.has(title) && !title.startsWith("the region "),
  );
  expect(left).toEqual([]);
});
