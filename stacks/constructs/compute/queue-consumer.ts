import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { Construct } from "constructs";
import { type Duration, seconds } from "../../lib/duration";
import { optional } from "../../lib/optional";
import { checkSettings, problem, SettingsError } from "../../lib/schema";
import type { WorkQueue } from "../data/work-queue";
import type { ServiceRole } from "./service-role";
import { queueConsumerSchema, type QueueConsumerSettings } from "./settings";

/** The function whose alias is invoked. */
export interface QueueConsumerFunction {
  readonly aliasArn: string;
  readonly timeout: Duration;
  readonly role: ServiceRole;
}

export interface QueueConsumerProps extends QueueConsumerSettings {
  readonly queue: WorkQueue;
  readonly consumer: QueueConsumerFunction;
}

/**
 * Minimum visibility timeout as a multiple of the function's timeout, for retries of throttled invocations.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const VISIBILITY_FACTOR = 6;

/**
 * Lambda polls a queue and invokes a function with batches. The function returns the failed messages
 * (`batchItemFailures`); only these are delivered again, and move to the dead-letter queue after `maxReceives`. Throws
 * if the visibility timeout is less than 6 times the function's timeout plus the batching window.
 */
export class QueueConsumer extends Construct {
  constructor(scope: Construct, id: string, props: QueueConsumerProps) {
    super(scope, id);
    const { queue, consumer, batchSize = 10, batchingWindow = "0 seconds", maxConcurrency } = props;
    const settings = optional({ batchSize, batchingWindow, maxConcurrency });
    checkSettings(queueConsumerSchema, settings, this.node.path);
    checkVisibility(this.node.path, queue, { consumer, batchingWindow });
    consumer.role.grant(queue.poll());
    new LambdaEventSourceMapping(this, "Default", {
      eventSourceArn: queue.resource.arn,
      functionName: consumer.aliasArn,
      batchSize,
      maximumBatchingWindowInSeconds: seconds(batchingWindow),
      functionResponseTypes: ["ReportBatchItemFailures"],
      ...optional({
        scalingConfig: maxConcurrency === undefined ? undefined : { maximumConcurrency: maxConcurrency },
      }),
      // Lambda rejects a mapping if the role can't read the queue.
      dependsOn: consumer.role.resources,
    });
  }
}

function checkVisibility(path: string, queue: WorkQueue, { consumer, batchingWindow }: Consumption): void {
  const hidden = VISIBILITY_FACTOR * seconds(consumer.timeout) + seconds(batchingWindow);
  if (seconds(queue.visibilityTimeout) >= hidden) return;
  const message = problem(queue.visibilityTimeout, {
    allowed: `"${hidden} seconds" or more`,
    why: `6 times the timeout of ${path}, "${consumer.timeout}", plus its batchingWindow, "${batchingWindow}"`,
  });
  throw new SettingsError([`${queue.node.path}.visibilityTimeout ${message}`]);
}

interface Consumption {
  readonly consumer: QueueConsumerFunction;
  readonly batchingWindow: Duration;
}
