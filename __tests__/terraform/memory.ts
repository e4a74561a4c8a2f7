import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformToolchain } from "../../packages/terraform/toolchain";
import { readJson } from "../support/synth";

export interface TerraformRun {
  readonly toolchain: TerraformToolchain;
  /** Folder of a synthesized stack. */
  readonly folder: string;
}

/** Runs Terraform in a stack's folder; returns its output. The test fails if Terraform fails. */
export function terraform({ toolchain, folder }: TerraformRun, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(toolchain.executable.path, [...args, "-no-color"], {
    cwd: folder,
    env: { ...process.env, ...toolchain.env },
    encoding: "utf8",
  });
  expect({ status, output: status === 0 ? "" : stdout + stderr }).toEqual({ status: 0, output: "" });
  return stdout;
}

/** Applies and destroys a synthesized stack in memory. The test fails if Terraform fails. */
export function applyInMemory(run: TerraformRun): void {
  const { folder } = run;
  writeFileSync(join(folder, "memory.tftest.hcl"), memoryTest(folder));
  cpSync(join(__dirname, "mocks"), join(folder, "mocks"), { recursive: true });
  terraform(run, "init", "-backend=false", "-input=false", "-lockfile=readonly");
  expect(terraform(run, "test")).toContain("1 passed, 0 failed");
}

/** The test of a stack, with a mock for each of its providers. */
function memoryTest(folder: string): string {
  const providers = readJson(join(folder, "cdk.tf.json")).provider.aws as { readonly alias?: string }[];
  const mocks = providers.flatMap(({ alias }) =>
    alias === undefined ? [] : [`mock_provider "aws" {\n  alias  = "${alias}"\n  source = "./mocks"\n}\n`],
  );
  return [...mocks, readFileSync(join(__dirname, "memory.tftest.hcl"), "utf8")].join("\n");
}
