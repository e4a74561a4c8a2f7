import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Prepared } from "../../lib/prepared-stack";
import { stamp } from "@packages/cli-kit/timestamp";
import type { State } from "@packages/terraform/state";
import type { StatePlace } from "./versions";

/** A state in S3 and its client. */
export interface StateInS3 {
  readonly s3: S3Client;
  readonly place: StatePlace;
}

/** Location of the stack's state in S3. Throws a Refusal if it is in Terraform Cloud. */
export function stateInS3({ synthesized, access, target }: Prepared): StateInS3 {
  const backend = synthesized.s3Backend;
  if (backend === undefined) {
    throw new Refusal(
      `the state of ${target.name} is in Terraform Cloud: its workspace ${synthesized.name} lists all versions under ` +
        "States and can roll back there",
    );
  }
  const s3 = new S3Client({ ...access.client, region: backend.region, maxAttempts: 5 });
  return { s3, place: { bucket: backend.bucket, key: backend.key } };
}

export interface StateCopy {
  readonly folder: string;
  /** Kind of the copy, part of its file name. */
  readonly what: "backup" | "before" | "restored";
  readonly began: Date;
}

/** Saves a copy that only its owner can read; returns the path. */
export function keepCopy({ serial, json }: State, { folder, what, began }: StateCopy): string {
  const file = join(folder, `state-${what}-${stamp(began)}-serial-${serial}.tfstate`);
  writeFileSync(file, JSON.stringify(json, null, 2), { mode: 0o600 });
  return file;
}
