import { each } from "../rule";

const DEFAULT_VISIBILITY_SECONDS = 30;
const DEFAULT_TIMEOUT_SECONDS = 3;

/** AWS refuses the mapping when a message would come back while the function still has it. */
export const queueOutlastsItsConsumer = each("aws_lambda_event_source_mapping", (mapping, stack) => {
  const queue = stack.meant("aws_sqs_queue", mapping.at("event_source_arn").text);
  const consumer = stack.functionMeant(mapping.at("function_name").text);
  if (queue === undefined || consumer === undefined) return undefined;
  const visibility = queue.at("visibility_timeout_seconds").number || DEFAULT_VISIBILITY_SECONDS;
  const timeout = consumer.at("timeout").number || DEFAULT_TIMEOUT_SECONDS;
  return visibility >= timeout
    ? undefined
    : {
        finding: `${queue.address} hides a message for ${visibility} s, ${consumer.address} may take ${timeout} s`,
        remedy: `set visibilityTimeoutSeconds to ${timeout} or more (AWS advises ${6 * timeout})`,
      };
});
