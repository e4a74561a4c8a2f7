import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { Refusal } from "@packages/cli-kit/refusal";
import type { Prepared } from "../../lib/prepared-stack";
import { stamp } from "@packages/cli-kit/timestamp";
import type { State } from "@packages/terraform/state";
import type { StatePlace } from "./versions";

/** Where the stack's state is in S3, and who reads it. Throws a Refusal where Terraform Cloud keeps it. */
export function stateInS3({ synthesized, access, target }: Prepared): { s3: S3Client; place: StatePlace } {
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

/** Keeps a copy for its owner's eyes only; returns the file. */
export function keepCopy({ folder }: Prepared, what: string, began: Date, { serial, json }: State): string {
  const file = join(folder, `state-${what}-${stamp(began)}-serial-${serial}.tfstate`);
  writeFileSync(file, JSON.stringify(json, null, 2), { mode: 0o600 });
  return file;
}
