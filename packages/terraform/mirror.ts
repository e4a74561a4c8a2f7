import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { terraformPlatform } from "./release";

/** Folders that Terraform searches by default. */
const implied = () => [
  join(homedir(), ".terraform.d/plugins"),
  join(homedir(), ".local/share/terraform/plugins"),
  "/usr/local/share/terraform/plugins",
  "/usr/share/terraform/plugins",
];

/** Folders for software without a package manager. */
const roots = () => [
  join(homedir(), ".terraform.d"),
  "/opt",
  "/usr/local",
  "/usr/local/share",
  "/usr/share",
  "/srv",
];

export interface ProviderMirror {
  /** Folder that contains `registry.terraform.io/hashicorp/aws/…`. */
  readonly folder: string;
  /** Usable versions for this platform, newest first. */
  readonly versions: string[];
}

function foldersIn(folder: string): string[] {
  try {
    return (
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
        // Terraform's own plugin cache can't also be its mirror
        .filter(({ name }) => name !== "plugin-cache")
        .map(({ name }) => join(folder, name))
    );
  } catch {
    return [];
  }
}

/** Whether a version is in the stacks' range, `>= 5.100.0, < 7.0.0`. */
function isRequired(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === 6 || (major === 5 && minor >= 100);
}

/** Usable versions in a mirror folder, unpacked (`5.100.0/linux_amd64/`) or packed (`…_5.100.0_linux_amd64.zip`). */
export function mirroredVersions(folder: string, platform = terraformPlatform()): string[] {
  const provider = join(folder, "registry.terraform.io/hashicorp/aws");
  if (!existsSync(provider)) return [];
  const packed = new RegExp(`^terraform-provider-aws_(.+)_${platform}\\.zip$`);
  return readdirSync(provider)
    .map((name) => (existsSync(join(provider, name, platform)) ? name : packed.exec(name)?.[1]))
    .filter((version) => version !== undefined)
    .filter(isRequired)
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
}

/** A mirror of the AWS provider for this platform, recognized by its layout; undefined if there is none. */
export function findMirror(
  { implied: direct, roots: parents } = { implied: implied(), roots: roots() },
  platform = terraformPlatform(),
): ProviderMirror | undefined {
  const below = parents.flatMap(foldersIn);
  for (const folder of new Set([...direct, ...parents, ...below, ...below.flatMap(foldersIn)])) {
    const versions = mirroredVersions(folder, platform);
    if (versions.length > 0) return { folder, versions };
  }
  return undefined;
}
