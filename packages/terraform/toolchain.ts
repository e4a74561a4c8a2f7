import { join } from "node:path";
import { lock } from "@packages/cli-kit/lock";
import { cliEnvironment } from "./cli-config";
import { terraformExecutable, type TerraformToolchain } from "./executable";
import { findMirror } from "./mirror";
import { fetchProvider, type ProviderRequirement } from "./provider";

export type { TerraformToolchain };

export interface ToolchainOptions {
  /** Keeps what is fetched. */
  readonly folder: string;
  /** The AWS provider that configurations ask for. */
  readonly provider: ProviderRequirement;
}

/**
 * Terraform and its AWS provider, found on this machine or fetched into the folder. Several processes may ask at once.
 * Throws when they are neither installed nor to be had.
 */
export async function prepareToolchain({ folder, provider }: ToolchainOptions): Promise<TerraformToolchain> {
  const held = await lock(join(folder, "fetch.lock"));
  try {
    const mirror = findMirror();
    const executable = await terraformExecutable(folder);
    const toolchain = { executable, mirror, env: cliEnvironment(folder, mirror) };
    if (!mirror) await fetchProvider(toolchain, folder, provider);
    return toolchain;
  } finally {
    held.release();
  }
}
