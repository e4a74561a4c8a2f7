import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformToolchain } from "@packages/terraform/toolchain";
import { readSynthesized } from "@packages/terraform/synthesized-stack";
import { type Configuration, render } from "./render";
import { awsShapes, terraform } from "../lib/provider-schemas";

/** Versions and checksums of the providers, which main.ts writes beside each stack. */
const LOCK_FILE = ".terraform.lock.hcl";

/** Written files of one stack. */
export interface Written {
  readonly stack: string;
  readonly folder: string;
  readonly files: number;
  readonly resources: number;
}

/**
 * Writes every synthesized stack below `outdir` as native HCL into a subfolder of `target`, formatted by Terraform.
 * Throws if there are no stacks or Terraform rejects the HCL.
 */
export function writeHcl(outdir: string, target: string, toolchain: TerraformToolchain): Written[] {
  const stacks = join(outdir, "stacks");
  if (!existsSync(stacks)) throw new Error(`no stacks in ${outdir}: run npm run synth first`);
  rmSync(target, { recursive: true, force: true });
  return readdirSync(stacks)
    .sort()
    .map((stack) => writeStack(stack, { from: join(stacks, stack), to: join(target, stack), toolchain }));
}

interface WriteOptions {
  /** Folder of the synthesized stack. */
  readonly from: string;
  readonly to: string;
  readonly toolchain: TerraformToolchain;
}

function writeStack(stack: string, { from, to: folder, toolchain }: WriteOptions): Written {
  const configuration = readSynthesized(from) as Configuration;
  const files = render(configuration, awsShapes(toolchain, configuration.terraform?.required_providers));
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  copyFileSync(join(from, LOCK_FILE), join(folder, LOCK_FILE));
  const assets = join(from, "assets");
  if (existsSync(assets)) cpSync(assets, join(folder, "assets"), { recursive: true });
  terraform(toolchain, folder, "fmt");
  const resources = Object.values(configuration.resource ?? {}).flatMap((named) => Object.keys(named));
  return { stack, folder, files: files.size, resources: resources.length };
}
