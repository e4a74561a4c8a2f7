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

/** A mirror that contains the AWS provider for this platform. */
export interface ProviderMirror {
  /** Folder that contains `registry.terraform.io/hashicorp/aws/…`. */
  readonly folder: string;
  /** Version of the provider. */
  readonly version: string;
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

/** Whether a folder contains the version unpacked (`5.100.0/linux_amd64/`) or packed (`…_5.100.0_linux_amd64.zip`). */
function isMirrorOf(folder: string, version: string, platform: string): boolean {
  const provider = join(folder, "registry.terraform.io/hashicorp/aws");
  const packed = `terraform-provider-aws_${version}_${platform}.zip`;
  return existsSync(join(provider, version, platform)) || existsSync(join(provider, packed));
}

export interface MirrorPlaces {
  /** Folders that Terraform searches by default. */
  readonly implied: readonly string[];
  /** Folders for software; two levels below them are searched too. */
  readonly roots: readonly string[];
}

/** A mirror of this version of the AWS provider, recognized by its layout; undefined if there is none. */
export function findMirror(
  version: string,
  { implied: direct, roots: parents }: MirrorPlaces = { implied: implied(), roots: roots() },
  platform = terraformPlatform(),
): ProviderMirror | undefined {
  const below = parents.flatMap(foldersIn);
  const folders = [...new Set([...direct, ...parents, ...below, ...below.flatMap(foldersIn)])];
  const folder = folders.find((one) => isMirrorOf(one, version, platform));
  return folder === undefined ? undefined : { folder, version };
}
