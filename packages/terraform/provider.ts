import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failureCause } from "@packages/cli-kit/failure-cause";
import { runTerraform } from "./run";
import type { TerraformToolchain } from "./executable";

/** A version of a provider. */
export interface ProviderVersion {
  /** Source address, such as `hashicorp/aws`. */
  readonly source: string;
  /** Exact version, such as `5.100.0`. */
  readonly version: string;
}

/**
 * Downloads the AWS provider into the toolchain's plugin cache once, because Terraform even overwrites cached files
 * that another process is running. The folder contains the cache and a marker of completion. Only one process may do
 * this at a time. Throws Terraform's error if it fails.
 */
export async function fetchProvider(
  toolchain: TerraformToolchain,
  folder: string,
  provider: ProviderVersion,
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
    await runTerraform({ toolchain, folder: stack, env, log }, ["init", "-input=false", "-no-color"]).catch(
      (error: Error) => {
        const cause = failureCause(error.message);
        if (cause === undefined) throw error;
        throw new Error(`can't download ${provider.source} ${provider.version}: ${cause} (${log})`);
      },
    );
    writeFileSync(whole, "");
  } finally {
    rmSync(stack, { recursive: true });
  }
}
