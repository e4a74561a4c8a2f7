import { each } from "../rule";
import { refusesPlainHttp } from "../transport-security";

export const bucketRefusesPlainHttp = each("aws_s3_bucket", (bucket, stack) =>
  stack
    .pointing("aws_s3_bucket_policy", "bucket", bucket)
    .some((policy) =>
      refusesPlainHttp(policy.at("policy"), { action: "s3:*", resource: bucket, withContents: true }),
    )
    ? undefined
    : {
        finding: "can be read without TLS",
        remedy: "deny s3:* on the bucket and its objects where aws:SecureTransport is false",
      },
);
