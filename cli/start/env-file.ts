import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { TerraformToolchain } from "@packages/terraform/toolchain";
import { emulatorEnvironment } from "@packages/embedded-aws/client";
import { projectFolder } from "@packages/cli-kit/paths";
import { optional } from "../../stacks/lib/optional";

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Writes a shell file of variables with which cdktf, Terraform and the AWS SDKs use the running emulator; returns its
 * path.
 */
export function writeEnvironmentFile(
  file: string,
  {
    endpoint,
    region,
    lambda,
  }: { readonly endpoint: string; readonly region: string; readonly lambda: string },
  { env, executable }: TerraformToolchain,
): string {
  const variables = {
    ...emulatorEnvironment(endpoint, region),
    TF_CLI_CONFIG_FILE: env.TF_CLI_CONFIG_FILE ?? "",
    ...optional({
      TF_PLUGIN_CACHE_DIR: env.TF_PLUGIN_CACHE_DIR,
      // the Terraform binary that cdktf runs
      TERRAFORM_BINARY_NAME: executable.source === "downloaded" ? executable.path : undefined,
    }),
    CHECKPOINT_DISABLE: "1",
  };
  const lines = [
    "# written by npm start; use it with: set -a; . this file; set +a",
    `# functions run outside of the emulator: aws lambda invoke --endpoint-url ${lambda} …`,
    ...Object.entries(variables).map(([name, value]) => `${name}=${quote(value)}`),
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return relative(projectFolder, file);
}
