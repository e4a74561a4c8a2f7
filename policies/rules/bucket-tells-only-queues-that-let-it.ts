import { each } from "../rule";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import { type Statement, statementsOf } from "@packages/terraform/iam-statements";

/** AWS tries the queue when the notification is made, and refuses it without this statement. */
export const bucketTellsOnlyQueuesThatLetIt = each("aws_s3_bucket_notification", (notification, stack) => {
  const bucket = stack.meant("aws_s3_bucket", notification.at("bucket").text);
  return notification.at("queue").list.flatMap((told) => {
    const arn = told.at("queue_arn").text;
    const queue = stack.meant("aws_sqs_queue", arn);
    return queue !== undefined && statementsFor(stack, queue).some((statement) => lets(statement, bucket))
      ? []
      : [
          {
            finding: `tells ${queue?.address ?? arn}, whose policy does not let it`,
            remedy:
              "allow sqs:SendMessage to s3.amazonaws.com in the queue's policy, with the bucket as aws:SourceArn",
          },
        ];
  });
});

function statementsFor(stack: Stack, queue: Resource): Statement[] {
  return [queue, ...stack.pointing("aws_sqs_queue_policy", "queue_url", queue)].flatMap((holder) =>
    statementsOf(holder.at("policy")),
  );
}

function lets({ effect, principals, actions, condition }: Statement, bucket: Resource | undefined): boolean {
  const sources = condition.keys.flatMap((operator) => condition.at(operator).at("aws:SourceArn").texts);
  return (
    effect === "Allow" &&
    principals.includes("Service:s3.amazonaws.com") &&
    actions.some((action) => ["sqs:SendMessage", "sqs:*"].includes(action)) &&
    sources.some((source) => bucket?.isMeantBy(source) === true)
  );
}
