import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AwsClientConfig } from "@packages/embedded-aws/client";

/** Where a state is kept in S3. */
export interface StatePlace {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
}

/**
 * Removes the locks of states: a killed Terraform left them, as long as nothing else can use the emulator yet.
 */
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
