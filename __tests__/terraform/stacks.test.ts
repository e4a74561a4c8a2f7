import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { environments } from "../../stacks/environments";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";
import { synthTo } from "../support/synth";

/** As committed, but deletable: whoever destroys in memory must be let. */
const unprotected = environments.map((settings) => ({ ...settings, protect: false }));

let toolchain: TerraformToolchain;
let folder: string;
const folders = new Map<string, string>();

/** Runs Terraform in a stack's folder; returns what it printed, and fails the test when Terraform fails. */
function terraform(stack: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(toolchain.executable.path, [...args, "-no-color"], {
    cwd: folders.get(stack) ?? "",
    env: { ...process.env, ...toolchain.env },
    encoding: "utf8",
  });
  expect({ status, output: status === 0 ? "" : stdout + stderr }).toEqual({ status: 0, output: "" });
  return stdout;
}

beforeAll(async () => {
  toolchain = await terraformToolchain();
  folder = mkdtempSync(join(tmpdir(), "streamflow-terraform-"));
  for (const stack of synthTo(folder, unprotected)) {
    folders.set(basename(stack), stack);
    cpSync(join(__dirname, "memory.tftest.hcl"), join(stack, "memory.tftest.hcl"));
    cpSync(join(__dirname, "mocks"), join(stack, "mocks"), { recursive: true });
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ...environments.map(({ name }) => `streamflow-${name}`),
  ...environments.map(({ account }) => `streamflow-foundation-${account}`),
])("%s", (stack) => {
  test("is valid, and is applied and destroyed in memory", () => {
    terraform(stack, "init", "-backend=false", "-input=false");
    expect(terraform(stack, "test")).toContain("1 passed, 0 failed");
  });
});
