import type { Resource, Stack } from "@packages/terraform/synthesized-stack";

/** Buckets to which S3 and load balancers write access logs. */
export function serviceLogBuckets(stack: Stack): Resource[] {
  const targets = [
    ...stack.of("aws_s3_bucket_logging").map((logging) => logging.at("target_bucket").text),
    ...stack.of("aws_lb").map((balancer) => balancer.at("access_logs.bucket").text),
  ];
  return stack.of("aws_s3_bucket").filter((bucket) => targets.some((text) => bucket.isMeantBy(text)));
}
