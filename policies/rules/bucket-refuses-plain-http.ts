import { each, unless } from "../rule";
import { refusesPlainHttp } from "../transport-security";

export const bucketRefusesPlainHttp = each("aws_s3_bucket", (bucket, stack) =>
  unless(
    stack
      .pointing("aws_s3_bucket_policy", "bucket", bucket)
      .some((policy) => refusesPlainHttp(policy.at("policy"), "s3:*", bucket, true)),
    "can be read without TLS",
    "deny s3:* on the bucket and its objects where aws:SecureTransport is false",
  ),
);
