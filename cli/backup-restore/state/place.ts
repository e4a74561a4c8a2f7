import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Prepared } from "../../lib/prepared-stack";
import { stamp } from "@packages/cli-kit/timestamp";
import type { State } from "@packages/terraform/state";
import type { StatePlace } from "./versions";

/** A state in S3, and the client that reads it. */
export interface StateInS3 {
  readonly s3: S3Client;
  readonly place: StatePlace;
}

/** Where the stack's state is in S3, and who reads it. Throws a Refusal where Terraform Cloud keeps it. */
export function stateInS3({ synthesized, access, target }: Prepared): StateInS3 {
  const backend = synthesized.s3Backend;
  if (backend === undefined) {
    throw new Refusal(
      `Terraform Cloud keeps the state of ${target.name}: its workspace ${synthesized.name} lists every version under ` +
        "States, and rolls back there",
    );
  }
  const s3 = new S3Client({ ...access.client, region: backend.region, maxAttempts: 5 });
  return { s3, place: { bucket: backend.bucket, key: backend.key } };
}

export interface StateCopy {
  readonly folder: string;
  /** What the copy is, in the file's name. */
  readonly what: "backup" | "before" | "restored";
  readonly began: Date;
}

/** Keeps a copy for its owner's eyes only; returns the file. */
export function keepCopy({ serial, json }: State, { folder, what, began }: StateCopy): string {
  const file = join(folder, `state-${what}-${stamp(began)}-serial-${serial}.tfstate`);
  writeFileSync(file, JSON.stringify(json, null, 2), { mode: 0o600 });
  return file;
}
