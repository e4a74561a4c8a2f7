import { defineRule, each } from "../rule";
import { deniesPlainHttp } from "../transport-security";

export const bucketRequiresTls = defineRule({
  id: "bucket-requires-tls",
  sentence: "A bucket's policy denies requests without TLS.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-5",
  code: { "stacks/constructs/data/bucket.ts": ["tlsOnly"] },
  find: each("aws_s3_bucket", (bucket, stack) =>
    stack
      .pointing("aws_s3_bucket_policy", "bucket", bucket)
      .some((policy) =>
        deniesPlainHttp(policy.at("policy"), { action: "s3:*", resource: bucket, withContents: true }),
      )
      ? undefined
      : {
          finding: "the bucket policy does not deny requests without TLS",
          remedy: 'add tlsOnly("s3:*", …) for the bucket and its objects to the bucket policy, or use Bucket',
        },
  ),
});
