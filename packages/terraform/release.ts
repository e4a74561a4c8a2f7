/** The release to download if Terraform is missing or too old; the synthesized stacks are tested with it. */
export const pinnedVersion = "1.11.4";

/** SHA-256 of the release's zip files, from its published SHA256SUMS. */
const checksums: Readonly<Record<string, string>> = {
  darwin_amd64: "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
  darwin_arm64: "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
  linux_amd64: "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
  linux_arm64: "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
};

/** This platform in Terraform's format, such as `linux_amd64`. */
export function terraformPlatform(platform: string = process.platform, arch: string = process.arch): string {
  return `${platform === "win32" ? "windows" : platform}_${arch === "x64" ? "amd64" : arch}`;
}

export interface Release {
  readonly url: string;
  /** SHA-256 of the zip, in hexadecimal. */
  readonly sha256: string;
}

/** URL and checksum of the pinned release for a platform. Throws if the platform has no known checksum. */
export function pinnedRelease(platform = terraformPlatform()): Release {
  const sha256 = checksums[platform];
  if (!sha256) {
    const known = Object.keys(checksums).join(", ");
    throw new Error(
      `Terraform ${pinnedVersion} can be downloaded for ${known}, not for ${platform}: install it on PATH`,
    );
  }
  const file = `terraform_${pinnedVersion}_${platform}.zip`;
  return { url: `https://releases.hashicorp.com/terraform/${pinnedVersion}/${file}`, sha256 };
}
