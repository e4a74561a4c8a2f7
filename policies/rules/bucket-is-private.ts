import { defineRule, each } from "../rule";
import { isEverybody } from "@packages/iam/document";
import { plannedStatements } from "@packages/iam/planned-policy";

const PUBLIC_ACCESS_BLOCKS = [
  "block_public_acls",
  "block_public_policy",
  "ignore_public_acls",
  "restrict_public_buckets",
];

export const bucketIsPrivate = defineRule({
  id: "bucket-is-private",
  sentence: "A bucket blocks public access.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8",
  code: { "stacks/constructs/data/bucket.ts": ["S3BucketPublicAccessBlock", "S3BucketPolicy"] },
  find: each("aws_s3_bucket", (bucket, stack) => {
    const isOpen = stack
      .pointing("aws_s3_bucket_policy", "bucket", bucket)
      .flatMap((policy) => plannedStatements(policy.at("policy")))
      .some(({ effect, principals }) => effect === "Allow" && principals.some(isEverybody));
    if (isOpen) {
      return {
        finding: "the bucket policy allows everybody",
        remedy: 'name a principal in each statement of the S3BucketPolicy instead of "*"',
      };
    }
    const isBlocked = stack
      .pointing("aws_s3_bucket_public_access_block", "bucket", bucket)
      .some((block) => PUBLIC_ACCESS_BLOCKS.every((name) => block.at(name).isTrue));
    return isBlocked
      ? undefined
      : {
          finding: "public access is not blocked",
          remedy: "add an S3BucketPublicAccessBlock with its four properties set to true, or use Bucket",
        };
  }),
});
