import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SynthesizedStack } from "../lib/synthesize";

/**
 * Terraform override file for settings that have no environment variable: actions that the emulator lacks fail in
 * seconds instead of after 25 retries, and states of Terraform Cloud are local files.
 */
export function overrides(
  { s3Backend }: Pick<SynthesizedStack, "s3Backend">,
  stateFile: string,
): Record<string, unknown> {
  const inCloud = s3Backend === undefined;
  return {
    provider: { aws: [{ max_retries: 4 }] },
    terraform: inCloud ? { backend: { local: { path: stateFile } } } : undefined,
  };
}

export function writeOverrides(stack: SynthesizedStack, stateFile: string): void {
  writeFileSync(
    join(stack.folder, "npm_start_override.tf.json"),
    JSON.stringify(overrides(stack, stateFile), null, 2),
  );
}
