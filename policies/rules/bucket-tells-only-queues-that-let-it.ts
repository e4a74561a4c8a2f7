import { each } from "../rule";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import type { Statement } from "@packages/iam/document";
import { matchesAction } from "@packages/iam/patterns";
import { plannedStatements } from "@packages/iam/planned-policy";

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
    plannedStatements(holder.at("policy")),
  );
}

function lets({ effect, principals, actions, conditions }: Statement, bucket: Resource | undefined): boolean {
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
