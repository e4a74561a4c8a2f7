import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { TerraformError } from "@packages/terraform/run";
import { Refusal } from "@packages/cli-kit/refusal";

/** Where a saved plan holds the synthesized stack, and the provider's version. */
const CONFIGURATION_ENTRY = "tfconfig/m-/cdk.tf.json";
const LOCK_FILE = ".terraform.lock.hcl";

/** SHA-256 of a file's bytes, in hexadecimal: what a review calls the plan file's digest. */
export function digestOf(file: string): string {
  return sha256(readFileSync(file));
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A saved plan that was reviewed, and the SHA-256 of its bytes in hexadecimal. */
export interface ReviewedFile {
  readonly plan: string;
  readonly digest: string;
}

/**
 * Copies the plan that was reviewed to where it is applied from. Throws a Refusal when there is none, or its bytes are
 * not the ones whose digest the review shows.
 */
export function takeReviewed({ plan, digest }: ReviewedFile, to: string): void {
  if (!existsSync(plan))
    throw new Refusal(`there is no plan ${plan}: give --plan the file that was reviewed`);
  const bytes = readFileSync(plan);
  const actual = sha256(bytes);
  if (actual !== digest) {
    throw new Refusal(
      `${plan} is not the plan that was reviewed: its SHA-256 is ${actual}, the reviewed one's is ${digest}; ` +
        "nothing was applied",
    );
  }
  // the very bytes that were looked at, whatever becomes of the file
  writeFileSync(to, bytes, { mode: 0o600 });
}

/** Terraform Cloud keeps the plan: the file only says which run it is of. */
export function isCloudPlan(file: string): boolean {
  return readFileSync(file).subarray(0, 1).toString() === "{";
}

/**
 * Makes the stack's folder the one that was planned: the provider's version comes from the plan. Throws a Refusal when
 * this checkout synthesizes something else than what was planned.
 */
export function matchFolder(folder: string, { planFile }: { readonly planFile: string }): void {
  if (isCloudPlan(planFile)) return;
  const parts = unzipSync(readFileSync(planFile), {
    filter: ({ name }) => [CONFIGURATION_ENTRY, LOCK_FILE].includes(name),
  });
  const [planned, locks] = [parts[CONFIGURATION_ENTRY], parts[LOCK_FILE]];
  if (planned === undefined) throw new Refusal(`${planFile} is no plan of a synthesized stack`);
  if (!readFileSync(join(folder, "cdk.tf.json")).equals(planned)) {
    throw new Refusal(
      "the plan was made of another version of the source than this checkout: check out the reviewed commit; " +
        "nothing was applied",
    );
  }
  if (locks !== undefined) writeFileSync(join(folder, LOCK_FILE), locks);
}

/** What Terraform says of a plan that it no longer applies, as a Refusal; any other error as it is. */
export function explainStale(error: unknown, name: string): unknown {
  if (!(error instanceof TerraformError) || !/saved plan (is|does not|has)/i.test(error.message))
    return error;
  return new Refusal(
    `the plan is out of date: after it was made, something else changed the state of ${name} (Terraform: "saved ` +
      `plan is stale"); nothing was applied; plan and review again: npm run plan -- ${name}`,
  );
}
