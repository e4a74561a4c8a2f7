import { join, resolve } from "node:path";
import { lock } from "../lock";
import { cliEnvironment } from "./cli-config";
import { terraformExecutable, type TerraformExecutable } from "./executable";
import { findMirror, type ProviderMirror } from "./mirror";
import { fetchProvider } from "./provider";

const folder = resolve(__dirname, "../../.local/terraform");

export interface TerraformToolchain {
  readonly executable: TerraformExecutable;
  readonly mirror: ProviderMirror | undefined;
  /** To be laid over the environment of Terraform and cdktf. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Terraform and its AWS provider, found or fetched into `.local/terraform/`. Several processes may ask at once.
 * Throws when they are neither installed nor to be had.
 */
export async function terraformToolchain(): Promise<TerraformToolchain> {
  const held = await lock(join(folder, "fetch.lock"));
  try {
    const mirror = findMirror();
    const executable = await terraformExecutable(folder);
    const toolchain = { executable, mirror, env: cliEnvironment(folder, mirror) };
    if (!mirror) await fetchProvider(toolchain, folder);
    return toolchain;
  } finally {
    held.release();
  }
}
