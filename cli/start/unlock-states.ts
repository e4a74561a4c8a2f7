import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AwsClientConfig } from "@packages/embedded-aws/client";

/** Location of a state in S3. */
export interface StatePlace {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
}

/** Removes state locks that a killed Terraform left. Safe only while nothing else can use the emulator. */
export async function unlockStates(places: readonly StatePlace[], config: AwsClientConfig): Promise<void> {
  for (const { bucket, region, key } of places) {
    const s3 = new S3Client({ ...config, region, forcePathStyle: true });
    try {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${key}.tflock` }));
    } catch (error) {
      if ((error as Error).name !== "NoSuchBucket") throw error;
    } finally {
      s3.destroy();
    }
  }
}
