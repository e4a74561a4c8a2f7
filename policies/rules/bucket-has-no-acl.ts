import { each } from "../rule";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";

/** Under BucketOwnerEnforced, the default of new buckets, AWS refuses every ACL. */
export const bucketHasNoAcl = each(
  "aws_s3_bucket,aws_s3_bucket_acl,aws_cloudfront_distribution",
  (resource, stack) => {
    const setsAcl =
      resource.type === "aws_s3_bucket"
        ? resource.at("acl").exists || resource.at("grant").exists
        : resource.type === "aws_s3_bucket_acl"
          ? !takesAcl(stack, resource)
          : resource.at("logging_config").exists;
    return setsAcl
      ? {
          finding: "needs an ACL, which a bucket under BucketOwnerEnforced refuses",
          remedy: "give access by the bucket's policy (CloudFront's logs by a CloudwatchLogDelivery)",
        }
      : undefined;
  },
);

function takesAcl(stack: Stack, acl: Resource): boolean {
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
