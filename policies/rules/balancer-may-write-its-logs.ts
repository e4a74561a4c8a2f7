import { each } from "../rule";
import { matchesAction } from "@packages/iam/patterns";
import { plannedStatements } from "@packages/iam/planned-policy";

const LOG_DELIVERY_PRINCIPAL = "Service:logdelivery.elasticloadbalancing.amazonaws.com";

/** AWS writes a test file when the load balancer is made, and refuses to make one that can't. */
export const balancerMayWriteItsLogs = each("aws_lb", (balancer, stack) => {
  const logs = balancer.at("access_logs");
  if (!logs.at("enabled").isTrue) return undefined;
  const bucket = stack.meant("aws_s3_bucket", logs.at("bucket").text);
  const policies = bucket === undefined ? [] : stack.pointing("aws_s3_bucket_policy", "bucket", bucket);
  const lets = policies
    .flatMap((policy) => plannedStatements(policy.at("policy")))
    .some(
      ({ effect, principals, actions, resources }) =>
        effect === "Allow" &&
        principals.includes(LOG_DELIVERY_PRINCIPAL) &&
        actions.some((pattern) => matchesAction(pattern, "s3:PutObject")) &&
        resources.some((arn) => arn.includes(`/${logs.at("prefix").text || "AWSLogs"}/`)),
    );
  return lets
    ? undefined
    : {
        finding: `writes its log to ${bucket?.address ?? logs.at("bucket").text}, whose policy does not let it`,
        remedy: "allow s3:PutObject to logdelivery.elasticloadbalancing.amazonaws.com below the log's prefix",
      };
});
