import { join } from "node:path";
import { localFolder } from "@packages/cli-kit/paths";
import { prepareToolchain, type TerraformToolchain } from "@packages/terraform/toolchain";
import { AWS_PROVIDER } from "../../stacks/lib/aws-provider";

/** Terraform and the AWS provider of the stacks, found or fetched into `.local/terraform/`. Throws when there are none. */
export function terraformToolchain(): Promise<TerraformToolchain> {
  return prepareToolchain({ folder: join(localFolder, "terraform"), provider: AWS_PROVIDER });
}
