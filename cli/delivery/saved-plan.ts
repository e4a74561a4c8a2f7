import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { TerraformError } from "@packages/terraform/run";
import { Refusal } from "@packages/cli-kit/refusal";

/** Entries of a saved plan: the synthesized stack, and the provider versions. */
const CONFIGURATION_ENTRY = "tfconfig/m-/cdk.tf.json";
const LOCK_FILE = ".terraform.lock.hcl";

/** SHA-256 of a file in hexadecimal. */
export function sha256Of(file: string): string {
  return hash(readFileSync(file));
}

const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A reviewed plan file, and its SHA-256 in hexadecimal. */
export interface ReviewedFile {
  readonly plan: string;
  readonly sha256: string;
}

/**
 * Copies the reviewed plan to the place from which it is applied. Throws a Refusal if it does not exist or its SHA-256
 * differs from the review's.
 */
export function takeReviewed({ plan, sha256 }: ReviewedFile, to: string): void {
  if (!existsSync(plan)) throw new Refusal(`plan ${plan} does not exist: pass the reviewed file to --plan`);
  const bytes = readFileSync(plan);
  const actual = hash(bytes);
  if (actual !== sha256) {
    throw new Refusal(
      `${plan} is not the reviewed plan: its SHA-256 is ${actual}, expected ${sha256}; nothing was applied`,
    );
  }
  // write the bytes that were hashed: the file may change meanwhile
  writeFileSync(to, bytes, { mode: 0o600 });
}

/** Whether a plan file only names a run of Terraform Cloud, which keeps the plan. */
export function isCloudPlan(file: string): boolean {
  return readFileSync(file).subarray(0, 1).toString() === "{";
}

/**
 * Prepares the stack's folder for a saved plan, with the plan's provider versions. Throws a Refusal if this checkout
 * synthesizes a different stack.
 */
export function matchFolder(folder: string, { planFile }: { readonly planFile: string }): void {
  if (isCloudPlan(planFile)) return;
  const parts = unzipSync(readFileSync(planFile), {
    filter: ({ name }) => [CONFIGURATION_ENTRY, LOCK_FILE].includes(name),
  });
  const [planned, locks] = [parts[CONFIGURATION_ENTRY], parts[LOCK_FILE]];
  if (planned === undefined) throw new Refusal(`${planFile} is not a plan of a synthesized stack`);
  if (!readFileSync(join(folder, "cdk.tf.json")).equals(planned)) {
    throw new Refusal(
      "the plan was made from another commit: check out the reviewed commit; nothing was applied",
    );
  }
  if (locks !== undefined) writeFileSync(join(folder, LOCK_FILE), locks);
}

/** Terraform's "stale plan" error as a Refusal; other errors are returned unchanged. */
export function explainStale(error: unknown, name: string): unknown {
  if (!(error instanceof TerraformError) || !/saved plan (is|does not|has)/i.test(error.message))
    return error;
  return new Refusal(
    `the plan is stale: the state of ${name} has changed since (Terraform: "saved ` +
      `plan is stale"). Nothing was applied. Plan and review again: npm run plan -- ${name}`,
  );
}
