import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { TerraformToolchain } from "../terraform/toolchain";
import { emulatorEnvironment } from "./aws";
import { projectFolder } from "./folders";

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Writes the environment in which cdktf, Terraform and the AWS SDKs use the running emulator; returns the file's path. */
export function writeEnvironmentFile(
  file: string,
  {
    endpoint,
    region,
    lambda,
  }: { readonly endpoint: string; readonly region: string; readonly lambda: string },
  { env }: TerraformToolchain,
): string {
  const variables = {
    ...emulatorEnvironment(endpoint, region),
    // the emulator keeps functions; they are run behind another port
    AWS_ENDPOINT_URL_LAMBDA_INVOKE: lambda,
    TF_CLI_CONFIG_FILE: env.TF_CLI_CONFIG_FILE ?? "",
    ...(env.TF_PLUGIN_CACHE_DIR !== undefined && { TF_PLUGIN_CACHE_DIR: env.TF_PLUGIN_CACHE_DIR }),
    CHECKPOINT_DISABLE: "1",
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quote(value)}`);
  writeFileSync(file, `# written by npm start, for: set -a; . this file; set +a\n${lines.join("\n")}\n`);
  return relative(projectFolder, file);
}
