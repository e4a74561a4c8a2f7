import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTerraform } from "./run";
import type { TerraformToolchain } from "./executable";

/** A provider as Terraform's `required_providers` names it. */
export interface ProviderRequirement {
  /** Such as `hashicorp/aws`. */
  readonly source: string;
  /** A version constraint, such as `>= 5.100.0, < 7.0.0`. */
  readonly version: string;
}

/**
 * Fetches the AWS provider into the toolchain's plugin cache, once: Terraform unpacks into its cache even what another
 * process is running from there, so those who come later must find it. The folder keeps the cache, and a note that it is
 * whole. Only one process may do so at a time. Throws what Terraform says when the provider can't be had.
 */
export async function fetchProvider(
  toolchain: TerraformToolchain,
  folder: string,
  provider: ProviderRequirement,
): Promise<void> {
  const whole = join(folder, "provider-fetched");
  if (existsSync(whole)) return;
  rmSync(join(folder, "providers/registry.terraform.io"), { recursive: true, force: true });
  const stack = mkdtempSync(join(tmpdir(), "aws-provider-"));
  try {
    const required_providers = { aws: provider };
    writeFileSync(join(stack, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    const env = { TF_DATA_DIR: join(stack, "data") };
    const log = join(folder, "provider.log");
    await runTerraform({ toolchain, folder: stack, env, log }, ["init", "-input=false", "-no-color"]);
    writeFileSync(whole, "");
  } finally {
    rmSync(stack, { recursive: true });
  }
}
