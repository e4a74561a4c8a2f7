import { defineRule, each } from "../rule";

const DEFAULT_VISIBILITY_SECONDS = 30;
const DEFAULT_TIMEOUT_SECONDS = 3;
/** Lambda retries a batch while the function is throttled. */
const VISIBILITY_FACTOR = 6;

export const queueVisibilityCoversFunctionTimeout = defineRule({
  id: "queue-visibility-covers-function-timeout",
  sentence: "A message stays hidden for 6 times its function's timeout, plus the batching window.",
  source: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
  code: { "stacks/constructs/data/work-queue.ts": ["visibilityTimeout"] },
  find: each("aws_lambda_event_source_mapping", (mapping, stack) => {
    const queue = stack.meant("aws_sqs_queue", mapping.at("event_source_arn").text);
    const consumer = stack.functionMeant(mapping.at("function_name").text);
    if (queue === undefined || consumer === undefined) return undefined;
    const visibility = queue.at("visibility_timeout_seconds").number || DEFAULT_VISIBILITY_SECONDS;
    const timeout = consumer.at("timeout").number || DEFAULT_TIMEOUT_SECONDS;
    const window = mapping.at("maximum_batching_window_in_seconds").number || 0;
    const needed = VISIBILITY_FACTOR * timeout + window;
    return visibility >= needed
      ? undefined
      : {
          finding: `${queue.address} hides a message for ${visibility} s; ${VISIBILITY_FACTOR} x the timeout of ${consumer.address} plus the batching window is ${needed} s`,
          remedy: `set the visibilityTimeout of the WorkQueue to "${needed} seconds" or more`,
        };
  }),
});
