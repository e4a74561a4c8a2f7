import { CreateBucketCommand, DeleteObjectCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { AwsClientConfig } from "../aws";
import type { SynthesizedStack } from "./synth";

/**
 * Makes the bucket that the backend block names, when it is not there: on AWS the foundation has made it. A lock of
 * the state is one that a killed Terraform left: nothing else can use the emulator before this run does.
 */
export async function prepareState(
  { configuration }: SynthesizedStack,
  config: AwsClientConfig,
): Promise<void> {
  const backend = configuration.terraform.backend?.s3;
  if (!backend) return;
  const s3 = new S3Client({ ...config, region: backend.region, forcePathStyle: true });
  const Bucket = backend.bucket;
  try {
    const exists = await s3.send(new HeadBucketCommand({ Bucket })).then(
      () => true,
      () => false,
    );
    if (exists) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key: `${backend.key}.tflock` }));
      return;
    }
    const elsewhere = backend.region !== "us-east-1" && {
      CreateBucketConfiguration: { LocationConstraint: backend.region as "eu-west-1" },
    };
    await s3.send(new CreateBucketCommand({ Bucket, ...elsewhere }));
  } finally {
    s3.destroy();
  }
}
