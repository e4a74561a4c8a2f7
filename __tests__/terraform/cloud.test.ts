import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { writeHcl } from "../../cli/hcl/write";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";
import { readJson, settingsOf, synthTo } from "../support/synth";

const state = { kind: "terraform-cloud", organization: "streamflow" } as const;

let toolchain: TerraformToolchain;
let folder: string;
let json: Map<string, string>;
let hcl: Map<string, string>;
beforeAll(async () => {
  toolchain = await terraformToolchain();
  folder = mkdtempSync(join(tmpdir(), "streamflow-cloud-"));
  json = new Map(synthTo(folder, [{ ...settingsOf("dev"), state }]).map((path) => [basename(path), path]));
  hcl = new Map(writeHcl(folder, join(folder, "hcl"), toolchain).map((one) => [one.stack, one.folder]));
});
afterAll(() => rmSync(folder, { recursive: true }));

function terraform(cwd: string, ...args: string[]) {
  const env = { ...process.env, ...toolchain.env, TF_DATA_DIR: join(folder, "data", basename(cwd)) };
  return spawnSync(toolchain.executable.path, [...args, "-no-color"], { cwd, env, encoding: "utf8" });
}

const stacks = ["streamflow-dev", `streamflow-foundation-${settingsOf("dev").account}`];

test.each(stacks)(
  "%s has a workspace of its own name in Terraform Cloud, and no other place for its state",
  (stack) => {
    const { terraform: settings } = readJson(join(json.get(stack) ?? "", "cdk.tf.json"));
    expect(settings.backend).toBeUndefined();
    expect(settings.cloud).toEqual({ organization: "streamflow", workspaces: { name: stack } });
  },
);

describe.each(["JSON", "HCL"])("as %s", (format) => {
  const folderOf = (stack: string) => (format === "JSON" ? json : hcl).get(stack) ?? "";

  test.each(stacks)("%s is valid Terraform", (stack) => {
    const init = terraform(folderOf(stack), "init", "-backend=false", "-input=false");
    expect({ status: init.status, stderr: init.stderr }).toEqual({ status: 0, stderr: "" });
    expect(terraform(folderOf(stack), "validate").stdout).toContain("The configuration is valid");
  });
});

test("fails validation with both a workspace name and workspace tags", () => {
  const cwd = json.get("streamflow-dev") ?? "";
  const wrong = {
    terraform: { cloud: { organization: "streamflow", workspaces: { name: "a", tags: ["b"] } } },
  };
  writeFileSync(join(cwd, "wrong_override.tf.json"), JSON.stringify(wrong));
  const { status, stderr } = terraform(cwd, "init", "-input=false");
  rmSync(join(cwd, "wrong_override.tf.json"));
  expect(status).not.toBe(0);
  expect(stderr).toMatch(/workspaces/);
});
