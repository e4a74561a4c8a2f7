import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { downloadTerraform } from "./download";
import type { ProviderMirror } from "./mirror";
import { pinnedRelease, pinnedVersion } from "./release";

/** First version with S3 state locking without DynamoDB. */
const MIN_VERSION = [1, 11] as const;

export interface TerraformExecutable {
  readonly path: string;
  readonly version: string;
  readonly source: "PATH" | "downloaded";
}

/** A Terraform executable with its configuration of providers. */
export interface TerraformToolchain {
  readonly executable: TerraformExecutable;
  readonly mirror: ProviderMirror | undefined;
  /** Variables to add to the environment of Terraform and cdktf. */
  readonly env: Readonly<Record<string, string>>;
}

/** Version of a Terraform executable, such as `1.11.4`; undefined if it is not Terraform or does not run. */
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
  return major > MIN_VERSION[0] || (major === MIN_VERSION[0] && minor >= MIN_VERSION[1]);
}

function onPath(): TerraformExecutable | undefined {
  const file = (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "terraform"))
    .find(existsSync);
  const version = file && terraformVersion(file);
  return file && version && isNewEnough(version) ? { path: file, version, source: "PATH" } : undefined;
}

/**
 * Terraform from PATH if it is new enough, else the pinned release, downloaded once into the folder. Throws if the
 * download fails or the checksum differs.
 */
export async function terraformExecutable(folder: string): Promise<TerraformExecutable> {
  const installed = onPath();
  if (installed) return installed;
  const path = join(folder, pinnedVersion, "terraform");
  if (!existsSync(path)) await downloadTerraform(pinnedRelease(), path);
  return { path, version: pinnedVersion, source: "downloaded" };
}
