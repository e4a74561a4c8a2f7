import { defineRule, each } from "../rule";
import { serviceLogBuckets } from "../service-logs";

/** A load balancer rejects such a bucket when it is created; S3 drops server access logs without an error. */
export const logBucketHasS3Encryption = defineRule({
  id: "log-bucket-has-s3-encryption",
  sentence: "A bucket to which S3 or a load balancer writes access logs is encrypted with S3's own keys.",
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
  code: { "stacks/constructs/data/storage.ts": ["onlyS3Key"] },
  find: each("aws_s3_bucket_server_side_encryption_configuration", (encryption, stack) => {
    const isOfLogs = serviceLogBuckets(stack).some((bucket) =>
      bucket.isMeantBy(encryption.at("bucket").text),
    );
    const algorithm = encryption.at("rule.apply_server_side_encryption_by_default.sse_algorithm").text;
    return !isOfLogs || algorithm === "AES256"
      ? undefined
      : {
          finding: `access logs can't be written to a bucket with ${algorithm || "no"} encryption`,
          remedy: "set onlyS3Key of the bucket to true",
        };
  }),
});
