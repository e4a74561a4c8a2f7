import { createHash } from "node:crypto";
import { zipSync } from "fflate";
import { extractTerraform } from "../../../packages/terraform/download";
import { isNewEnough } from "../../../packages/terraform/executable";
import { pinnedRelease, terraformPlatform } from "../../../packages/terraform/release";

describe("the pinned Terraform release", () => {
  it.each([
    ["linux", "x64", "linux_amd64"],
    ["linux", "arm64", "linux_arm64"],
    ["darwin", "x64", "darwin_amd64"],
    ["darwin", "arm64", "darwin_arm64"],
  ])("is known for %s on %s", (platform, arch, name) => {
    expect(terraformPlatform(platform, arch)).toBe(name);
    expect(pinnedRelease(name)).toEqual({
      url: expect.stringContaining(`_${name}.zip`) as string,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it("fails for a platform without a checksum", () => {
    expect(() => pinnedRelease("plan9_mips")).toThrow(
      /can be downloaded for .*linux_amd64.*, not for plan9_mips/,
    );
  });

  it("is unpacked only when its checksum is the committed one", () => {
    const zip = zipSync({ terraform: Buffer.from("program"), "LICENSE.txt": Buffer.from("words") });
    const sha256 = createHash("sha256").update(zip).digest("hex");
    const url = "https://example.org/terraform.zip";
    expect(Buffer.from(extractTerraform(zip, { url, sha256 })).toString()).toBe("program");
    expect(() => extractTerraform(zip, { url, sha256: "0".repeat(64) })).toThrow(
      `${url} has SHA-256 ${sha256}, expected ${"0".repeat(64)}; not used`,
    );
  });

  it.each([
    ["1.11.0", true],
    ["1.12.2", true],
    ["2.0.0", true],
    ["1.10.5", false],
    ["0.15.0", false],
  ])("is not needed when version %s is installed: %s", (version, enough) => {
    expect(isNewEnough(version)).toBe(enough);
  });
});
