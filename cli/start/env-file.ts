import { relative } from "node:path";
import type { TerraformToolchain } from "@packages/terraform/toolchain";
import { emulatorEnvironment } from "@packages/embedded-aws/client";
import { projectFolder } from "@packages/cli-kit/paths";
import { writeWhole } from "@packages/cli-kit/write-whole";
import { PRODUCT_URL, REGISTRY_URL } from "../lib/deployed-environment";
import { optional } from "../../stacks/lib/optional";

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Where a running emulator serves what. */
export interface EmulatorPlace {
  /** URL of AWS's APIs. */
  readonly endpoint: string;
  readonly region: string;
  /** URL of the registry for images. */
  readonly registry: string;
  /** URL of the product; undefined where it is not served. */
  readonly product: string | undefined;
}

/**
 * Writes a shell file of variables with which every command, cdktf, Terraform and the AWS SDKs use the running emulator;
 * returns its path.
 */
export function writeEnvironmentFile(
  file: string,
  { endpoint, region, registry, product }: EmulatorPlace,
  { env, executable }: TerraformToolchain,
): string {
  const variables = {
    ...emulatorEnvironment(endpoint, region),
    [REGISTRY_URL]: registry,
    TF_CLI_CONFIG_FILE: env.TF_CLI_CONFIG_FILE ?? "",
    ...optional({
      TF_PLUGIN_CACHE_DIR: env.TF_PLUGIN_CACHE_DIR,
      // the Terraform binary that cdktf runs
      TERRAFORM_BINARY_NAME: executable.source === "downloaded" ? executable.path : undefined,
      [PRODUCT_URL]: product,
    }),
    CHECKPOINT_DISABLE: "1",
  };
  const lines = [
    "# written by npm start; use it with: set -a; . this file; set +a",
    "# the AWS CLI of some versions ignores these variables for some services: also pass --endpoint-url",
    ...Object.entries(variables).map(([name, value]) => `${name}=${quote(value)}`),
    // the AWS CLI refuses an empty one
    "unset AWS_PROFILE",
  ];
  writeWhole(file, `${lines.join("\n")}\n`);
  return relative(projectFolder, file);
}
