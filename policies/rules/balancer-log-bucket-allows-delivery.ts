import { defineRule, each } from "../rule";
import { matchesAction } from "@packages/iam/patterns";
import { plannedStatements } from "@packages/iam/planned-policy";

const LOG_DELIVERY_SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com";

/** Elastic Load Balancing writes a test file when access logs are enabled, and fails without this permission. */
export const balancerLogBucketAllowsDelivery = defineRule({
  id: "balancer-log-bucket-allows-delivery",
  sentence: "The bucket of a load balancer's access logs allows Elastic Load Balancing to write.",
  source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
  code: { "stacks/constructs/data/storage.ts": ["acceptAccessLogs"] },
  find: each("aws_lb", (balancer, stack) => {
    const logs = balancer.at("access_logs");
    if (!logs.at("enabled").isTrue) return undefined;
    const bucket = stack.meant("aws_s3_bucket", logs.at("bucket").text);
    const policies = bucket === undefined ? [] : stack.pointing("aws_s3_bucket_policy", "bucket", bucket);
    const isAllowed = policies
      .flatMap((policy) => plannedStatements(policy.at("policy")))
      .some(
        ({ effect, principals, actions, resources }) =>
          effect === "Allow" &&
          principals.includes(`Service:${LOG_DELIVERY_SERVICE}`) &&
          actions.some((pattern) => matchesAction(pattern, "s3:PutObject")) &&
          resources.some((arn) => arn.includes(`/${logs.at("prefix").text || "AWSLogs"}/`)),
      );
    return isAllowed
      ? undefined
      : {
          finding: `the policy of ${bucket?.address ?? logs.at("bucket").text} does not allow the access logs to be written`,
          remedy: `in acceptAccessLogs, allow s3:PutObject to ${LOG_DELIVERY_SERVICE} below the prefix of the logs`,
        };
  }),
});
