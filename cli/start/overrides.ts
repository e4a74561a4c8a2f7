import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SynthesizedStack } from "../lib/synthesize";

/**
 * What can't be said in the environment, in a file that Terraform lays over the synthesized one: an action that the
 * emulator lacks must fail in seconds, not after 25 retries; a state in Terraform Cloud is kept in a file here.
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
