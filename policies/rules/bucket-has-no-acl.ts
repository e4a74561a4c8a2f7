import { defineRule, each } from "../rule";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";

/** S3 refuses every ACL under BucketOwnerEnforced, the default of new buckets. */
export const bucketHasNoAcl = defineRule({
  id: "bucket-has-no-acl",
  sentence: "No resource needs the ACL of a bucket: ACLs are disabled.",
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
  code: {
    "stacks/constructs/data/bucket.ts": ["S3BucketPolicy"],
    "stacks/constructs/edge/edge-logs.ts": ["CloudwatchLogDelivery"],
  },
  find: each(["aws_s3_bucket", "aws_s3_bucket_acl", "aws_cloudfront_distribution"], (resource, stack) => {
    if (resource.type === "aws_cloudfront_distribution") {
      return resource.at("logging_config").exists
        ? {
            finding: "loggingConfig writes logs to a bucket with ACLs",
            remedy: "remove loggingConfig; deliver the logs with CloudwatchLogDelivery",
          }
        : undefined;
    }
    const setsAcl =
      resource.type === "aws_s3_bucket"
        ? resource.at("acl").exists || resource.at("grant").exists
        : !acceptsAcl(stack, resource);
    return setsAcl
      ? {
          finding: "sets an ACL, which S3 refuses under BucketOwnerEnforced",
          remedy: "remove the ACL; grant access in the S3BucketPolicy (Bucket.allow)",
        }
      : undefined;
  }),
});

function acceptsAcl(stack: Stack, acl: Resource): boolean {
  const bucket = stack.meant("aws_s3_bucket", acl.at("bucket").text);
  return (
    bucket !== undefined &&
    stack
      .pointing("aws_s3_bucket_ownership_controls", "bucket", bucket)
      .some((controls) =>
        ["BucketOwnerPreferred", "ObjectWriter"].includes(controls.at("rule.object_ownership").text),
      )
  );
}
