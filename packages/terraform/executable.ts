import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { downloadTerraform } from "./download";
import type { ProviderMirror } from "./mirror";
import { pinnedRelease, pinnedVersion } from "./release";

/** S3 state with a lock file and no DynamoDB table came with it. */
const oldest = [1, 11] as const;

export interface TerraformExecutable {
  readonly path: string;
  readonly version: string;
  readonly source: "PATH" | "downloaded";
}

/** Terraform as it is run here, and where its providers come from. */
export interface TerraformToolchain {
  readonly executable: TerraformExecutable;
  readonly mirror: ProviderMirror | undefined;
  /** To be laid over the environment of Terraform and cdktf. */
  readonly env: Readonly<Record<string, string>>;
}

/** `1.11.4` of a program, undefined when it is not Terraform or does not run. */
export function terraformVersion(path: string): string | undefined {
  const { stdout } = spawnSync(path, ["version", "-json"], {
    encoding: "utf8",
    env: { ...process.env, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "" },
  });
  try {
    return (JSON.parse(stdout) as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}

export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

function onPath(path = process.env.PATH ?? ""): TerraformExecutable | undefined {
  const file = path
    .split(delimiter)
    .map((folder) => join(folder, "terraform"))
    .find(existsSync);
  const version = file && terraformVersion(file);
  return file && version && isNewEnough(version) ? { path: file, version, source: "PATH" } : undefined;
}

/**
 * Terraform from PATH when it is new enough, else the pinned release, fetched once into the folder.
 * Throws when it can't be fetched, or is not the release whose checksum is committed.
 */
export async function terraformExecutable(folder: string): Promise<TerraformExecutable> {
  const installed = onPath();
  if (installed) return installed;
  const path = join(folder, pinnedVersion, "terraform");
  if (!existsSync(path)) await downloadTerraform(pinnedRelease(), path);
  return { path, version: pinnedVersion, source: "downloaded" };
}
