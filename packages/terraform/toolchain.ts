import { join } from "node:path";
import { lock } from "@packages/cli-kit/lock";
import { cliEnvironment } from "./cli-config";
import { terraformExecutable, type TerraformToolchain } from "./executable";
import { findMirror } from "./mirror";
import { fetchProvider, type ProviderVersion } from "./provider";

export type { TerraformToolchain };

export interface ToolchainOptions {
  /** Folder for downloads. */
  readonly folder: string;
  /** The required AWS provider. */
  readonly provider: ProviderVersion;
}

/**
 * Terraform and its AWS provider, found on this machine or downloaded into the folder. Safe with concurrent processes.
 * Throws if neither works.
 */
export async function prepareToolchain({ folder, provider }: ToolchainOptions): Promise<TerraformToolchain> {
  const held = await lock(join(folder, "fetch.lock"));
  try {
    const mirror = findMirror(provider.version);
    const executable = await terraformExecutable(folder);
    const toolchain = { executable, mirror, env: cliEnvironment(folder, mirror) };
    if (!mirror) await fetchProvider(toolchain, folder, provider);
    return toolchain;
  } finally {
    held.release();
  }
}
