import { join } from "node:path";

/** Supported versions of Terraform's AWS provider. */
export const AWS_PROVIDER = { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" } as const;

/**
 * Terraform's lock file: the version of the provider, and its checksums for every platform (`zh:`) and for unpacked
 * mirrors on Linux (x86) and macOS (Arm) (`h1:`). To update it, run `terraform init -upgrade` and
 * `terraform providers lock -platform=…` in a synthesized stack, and copy the file here.
 */
export const PROVIDER_LOCK = join(__dirname, "terraform.lock.hcl");

/** The version in the lock file. */
export const LOCKED_AWS_PROVIDER = "5.100.0";
