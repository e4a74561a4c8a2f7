import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cliConfig, cliEnvironment } from "../../../packages/terraform/cli-config";
import { findMirror } from "../../../packages/terraform/mirror";

const platform = "linux_amd64";
const version = "5.100.0";
const newFolder = () => mkdtempSync(join(tmpdir(), "mirror-"));

function mirrorAt(folder: string, ...entries: string[]): string {
  const provider = join(folder, "registry.terraform.io/hashicorp/aws");
  mkdirSync(provider, { recursive: true });
  for (const entry of entries) {
    if (entry.endsWith(".zip")) writeFileSync(join(provider, entry), "");
    else mkdirSync(join(provider, entry), { recursive: true });
  }
  return folder;
}

describe("a provider mirror", () => {
  it.each(["", "plugins", "terraform/plugins"])('is found at "%s" below a root of software', (below) => {
    const root = newFolder();
    mirrorAt(join(root, below), `5.100.0/${platform}`);
    expect(findMirror(version, { implied: [], roots: [newFolder(), root] }, platform)).toEqual({
      folder: join(root, below),
      version,
    });
  });

  it.each([`5.100.0/${platform}`, `terraform-provider-aws_5.100.0_${platform}.zip`])(
    "contains the version unpacked or packed: %s",
    (entry) => {
      const folder = mirrorAt(newFolder(), `6.25.0/${platform}`, entry);
      expect(findMirror(version, { implied: [folder], roots: [] }, platform)).toEqual({ folder, version });
    },
  );

  it("is not the folder in which Terraform keeps what it has fetched", () => {
    const root = newFolder();
    mirrorAt(join(root, "plugin-cache"), `5.100.0/${platform}`);
    expect(findMirror(version, { implied: [], roots: [root] }, platform)).toBeUndefined();
  });

  it("is not one with other versions only", () => {
    const folder = mirrorAt(
      newFolder(),
      `5.99.0/${platform}`,
      `terraform-provider-aws_6.25.0_${platform}.zip`,
    );
    expect(findMirror(version, { implied: [folder], roots: [] }, platform)).toBeUndefined();
  });

  it("is not one without this platform", () => {
    const other = mirrorAt(newFolder(), "5.100.0/darwin_arm64");
    expect(
      findMirror(version, { implied: [other, "/nonexistent"], roots: [newFolder()] }, platform),
    ).toBeUndefined();
  });
});

describe("Terraform's CLI configuration", () => {
  it("takes the AWS provider from the mirror and others from their registry", () => {
    const config = cliConfig({ folder: "/srv/a mirror", version });
    expect(config).toContain('path    = "/srv/a mirror"');
    expect(config).toContain("direct {");
  });

  it("is named in the environment; without a mirror, fetched providers are kept", () => {
    const folder = newFolder();
    const with_ = cliEnvironment(folder, { folder: "/srv/mirror", version });
    expect(readFileSync(with_.TF_CLI_CONFIG_FILE ?? "", "utf8")).toContain("/srv/mirror");
    expect(with_).not.toHaveProperty("TF_PLUGIN_CACHE_DIR");
    const without = cliEnvironment(folder, undefined);
    expect(without.TF_PLUGIN_CACHE_DIR).toBe(join(folder, "providers"));
    expect(readFileSync(without.TF_CLI_CONFIG_FILE ?? "", "utf8")).not.toContain("provider_installation");
  });
});
