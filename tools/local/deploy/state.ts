import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AwsClientConfig } from "../aws";
import type { SynthesizedStack } from "./synth";

/**
 * Removes a lock of the state: it is one that a killed Terraform left, for nothing else can use the emulator before
 * this run does.
 */
export async function unlockState(
  { configuration }: SynthesizedStack,
  config: AwsClientConfig,
): Promise<void> {
  const backend = configuration.terraform.backend?.s3;
  if (!backend) return;
  const s3 = new S3Client({ ...config, region: backend.region, forcePathStyle: true });
  try {
    await s3.send(new DeleteObjectCommand({ Bucket: backend.bucket, Key: `${backend.key}.tflock` }));
  } finally {
    s3.destroy();
  }
}
