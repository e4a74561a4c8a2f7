import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { environments } from "../../stacks/environments";
import { writeHcl, type Written } from "../../cli/hcl/write";
import { offlineOverride, type WithProviders } from "../../packages/terraform/offline";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";
import { type Attributes, readJson, synthTo } from "../support/synth";

let toolchain: TerraformToolchain;
let folder: string;
let written: Written[];
let json: Map<string, string>;

function terraform(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(toolchain.executable.path, args, {
    cwd,
    env: { ...process.env, ...toolchain.env },
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  expect({ status, output: status === 0 ? "" : stdout + stderr }).toEqual({ status: 0, output: "" });
  return stdout;
}

/** Planned values, changes and outputs of Terraform. */
function plan(cwd: string): Attributes {
  const synthesized = readJson(join(json.get(basename(cwd)) ?? "", "cdk.tf.json")) as WithProviders;
  const override = join(cwd, "zz_override.tf.json");
  writeFileSync(override, JSON.stringify(offlineOverride(synthesized)));
  terraform(cwd, "init", "-input=false", "-reconfigure", "-no-color");
  terraform(cwd, "plan", "-input=false", "-refresh=false", "-no-color", "-out=plan.tfplan");
  const all = JSON.parse(terraform(cwd, "show", "-json", "plan.tfplan")) as Attributes;
  rmSync(override);
  return {
    values: all.planned_values,
    changes: all.resource_changes,
    outputs: all.output_changes,
  };
}

const plansOfJson = new Map<string, Attributes>();

/** The plan of a stack's JSON on an empty account, made once. */
function planOfJson(stack: string): Attributes {
  const made = plansOfJson.get(stack) ?? plan(json.get(stack) ?? "");
  plansOfJson.set(stack, made);
  return made;
}

beforeAll(async () => {
  toolchain = await terraformToolchain();
  folder = mkdtempSync(join(tmpdir(), "streamflow-hcl-"));
  json = new Map(synthTo(folder, environments).map((path) => [basename(path), path]));
  written = writeHcl(folder, join(folder, "hcl"), toolchain);
});

afterAll(() => rmSync(folder, { recursive: true }));

const stacks = environments.flatMap(({ name, account }) => [
  `streamflow-${name}`,
  `streamflow-foundation-${account}`,
]);

describe.each(stacks)("the HCL of %s", (stack) => {
  const hcl = (): string => written.find((one) => one.stack === stack)?.folder ?? "";

  test("plans what the JSON plans, resource by resource", () => {
    const [fromHcl, fromJson] = [plan(hcl()), planOfJson(stack)];
    expect(fromJson.changes.length).toBeGreaterThan(10);
    expect(fromHcl).toEqual(fromJson);
  });

  test("is formatted as Terraform formats it, and valid without the override of the plan", () => {
    expect(terraform(hcl(), "fmt", "-check", "-diff")).toBe("");
    expect(terraform(hcl(), "validate", "-no-color")).toContain("The configuration is valid");
  });
});

const namesOf = ({ rule }: Attributes): string[] =>
  (rule as Attributes[]).map(({ name }) => name as string).sort();

// Whoever reviews the first plan sees what is blocked: the rules are not "known after apply" as a whole.
test.each(environments.map(({ name }) => `streamflow-${name}`))(
  "the plan of %s on an empty account lists the rules of its web ACLs",
  (stack) => {
    const acls = readJson(join(json.get(stack) ?? "", "cdk.tf.json")).resource
      .aws_wafv2_web_acl as Attributes;
    const written = Object.entries(acls).map(([name, acl]) => [name, namesOf(acl as Attributes)]);
    const planned = (planOfJson(stack).changes as Attributes[])
      .filter(({ type }) => type === "aws_wafv2_web_acl")
      .map(({ name, change }) => [name as string, namesOf(change.after as Attributes)]);
    expect(written.flatMap(([, names]) => names).length).toBeGreaterThan(0);
    expect(Object.fromEntries(planned)).toEqual(Object.fromEntries(written));
  },
);
