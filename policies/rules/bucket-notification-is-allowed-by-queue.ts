import { defineRule, each } from "../rule";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import type { Statement } from "@packages/iam/document";
import { matchesAction } from "@packages/iam/patterns";
import { plannedStatements } from "@packages/iam/planned-policy";

/** S3 sends a test message when the notification is created, and fails without this statement. */
export const bucketNotificationIsAllowedByQueue = defineRule({
  id: "bucket-notification-is-allowed-by-queue",
  sentence: "A queue that a bucket notifies accepts messages from that bucket.",
  source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
  code: { "stacks/constructs/data/work-queue.ts": ["allowBucket"] },
  find: each("aws_s3_bucket_notification", (notification, stack) => {
    const bucket = stack.meant("aws_s3_bucket", notification.at("bucket").text);
    return notification.at("queue").list.flatMap((target) => {
      const arn = target.at("queue_arn").text;
      const queue = stack.meant("aws_sqs_queue", arn);
      return queue !== undefined &&
        statementsOf(stack, queue).some((statement) => allowsBucket(statement, bucket))
        ? []
        : [
            {
              finding: `the policy of ${queue?.address ?? arn} does not allow messages from the bucket`,
              remedy: "call allowBucket of the queue with the ARN of the bucket",
            },
          ];
    });
  }),
});

function statementsOf(stack: Stack, queue: Resource): Statement[] {
  return [queue, ...stack.pointing("aws_sqs_queue_policy", "queue_url", queue)].flatMap((holder) =>
    plannedStatements(holder.at("policy")),
  );
}

function allowsBucket(
  { effect, principals, actions, conditions }: Statement,
  bucket: Resource | undefined,
): boolean {
  const sources = conditions.flatMap(({ key, values }) =>
    key.toLowerCase() === "aws:sourcearn" ? values : [],
  );
  return (
    effect === "Allow" &&
    principals.includes("Service:s3.amazonaws.com") &&
    actions.some((pattern) => matchesAction(pattern, "sqs:SendMessage")) &&
    sources.some((source) => bucket?.isMeantBy(source) === true)
  );
}
