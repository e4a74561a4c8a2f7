import { each } from "../rule";

export const queueHasDeadLetters = each("aws_sqs_queue", (queue, stack) => {
  const takesDeadLetters = stack
    .of("aws_sqs_queue")
    .some((other) => queue.isMeantBy(other.at("redrive_policy").json.at("deadLetterTargetArn").text));
  return takesDeadLetters || queue.at("redrive_policy").json.at("deadLetterTargetArn").exists
    ? undefined
    : {
        finding: "has no dead-letter queue: a message that fails comes back until it expires",
        remedy: "set redrivePolicy with deadLetterTargetArn and maxReceiveCount",
      };
});
