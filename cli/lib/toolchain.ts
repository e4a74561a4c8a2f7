import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import { prepareToolchain, type TerraformToolchain } from "@packages/terraform/toolchain";
import { AWS_PROVIDER, LOCKED_AWS_PROVIDER } from "../../stacks/lib/aws-provider";

/** Terraform and the stacks' AWS provider, found or downloaded to `.local/terraform/`. Throws if neither works. */
export function terraformToolchain(): Promise<TerraformToolchain> {
  const provider = { source: AWS_PROVIDER.source, version: LOCKED_AWS_PROVIDER };
  return prepareToolchain({ folder: join(localFolder, "terraform"), provider });
}
