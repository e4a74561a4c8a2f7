import { each } from "../rule";
import { isEverybody } from "@packages/iam/document";
import { plannedStatements } from "@packages/iam/planned-policy";

const PUBLIC_ACCESS_BLOCKS = [
  "block_public_acls",
  "block_public_policy",
  "ignore_public_acls",
  "restrict_public_buckets",
];

export const bucketIsPrivate = each("aws_s3_bucket", (bucket, stack) => {
  const blocks = stack.pointing("aws_s3_bucket_public_access_block", "bucket", bucket);
  const open = stack
    .pointing("aws_s3_bucket_policy", "bucket", bucket)
    .flatMap((policy) => plannedStatements(policy.at("policy")))
    .some(({ effect, principals }) => effect === "Allow" && principals.some(isEverybody));
  return !open && blocks.some((block) => PUBLIC_ACCESS_BLOCKS.every((name) => block.at(name).isTrue))
    ? undefined
    : {
        finding: "is not closed to the public",
        remedy: 'add an S3BucketPublicAccessBlock with all four set, and allow nothing to principal "*"',
      };
});
