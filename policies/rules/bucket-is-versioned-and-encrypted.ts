import { defineRule, each, type Fault } from "../rule";

export const bucketIsVersionedAndEncrypted = defineRule({
  id: "bucket-is-versioned-and-encrypted",
  sentence: "A bucket has versioning enabled and an encryption configured.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-14",
  code: {
    "stacks/constructs/data/bucket.ts": ["S3BucketVersioningA", "S3BucketServerSideEncryptionConfigurationA"],
  },
  find: each("aws_s3_bucket", (bucket, stack) => {
    const isVersioned = stack
      .pointing("aws_s3_bucket_versioning", "bucket", bucket)
      .some((versioning) => versioning.at("versioning_configuration.status").text === "Enabled");
    const isEncrypted = stack
      .pointing("aws_s3_bucket_server_side_encryption_configuration", "bucket", bucket)
      .some(
        (encryption) => encryption.at("rule.apply_server_side_encryption_by_default.sse_algorithm").exists,
      );
    const faults: Fault[] = [];
    if (!isVersioned) {
      faults.push({
        finding: "versioning is not enabled",
        remedy: 'add an S3BucketVersioningA with status "Enabled", or use Bucket',
      });
    }
    if (!isEncrypted) {
      faults.push({
        finding: "no encryption is configured",
        remedy: "add an S3BucketServerSideEncryptionConfigurationA, or use Bucket",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html",
      });
    }
    return faults;
  }),
});
