import { each } from "../rule";

export const bucketIsVersionedAndEncrypted = each("aws_s3_bucket", (bucket, stack) => {
  const versioned = stack
    .pointing("aws_s3_bucket_versioning", "bucket", bucket)
    .some((versioning) => versioning.at("versioning_configuration.status").text === "Enabled");
  const encrypted = stack
    .pointing("aws_s3_bucket_server_side_encryption_configuration", "bucket", bucket)
    .some((encryption) => encryption.at("rule.apply_server_side_encryption_by_default.sse_algorithm").exists);
  return [
    ...(versioned
      ? []
      : [{ finding: "keeps no versions", remedy: 'add S3BucketVersioning with status "Enabled"' }]),
    ...(encrypted
      ? []
      : [{ finding: "names no encryption", remedy: "add S3BucketServerSideEncryptionConfiguration" }]),
  ];
});
