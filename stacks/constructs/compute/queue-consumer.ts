import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { Construct } from "constructs";
import { type Duration, seconds } from "../../lib/duration";
import { optional } from "../../lib/optional";
import { Check } from "../../lib/validation";
import type { WorkQueue } from "../data/work-queue";
import type { ServiceRole } from "./service-role";

export interface QueueConsumerSettings {
  /** Messages in one event at most, from 1 to 10000; more than 10 need a `batchingWindow`. @default 10 */
  readonly batchSize?: number;
  /** How long Lambda gathers messages for one event, up to 5 minutes. @default "0 seconds" */
  readonly batchingWindow?: Duration;
  /** Events of this queue that the function handles at once, from 2 to 1000. @default as many as Lambda scales to */
  readonly maxConcurrency?: number;
}

/** The function whose alias is called. */
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
 * How many times the function's timeout a message is hidden at least: Lambda tries again when the function is throttled.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const VISIBILITY_FACTOR = 6;

/**
 * Lambda polls a queue and calls a function with batches of its messages. The function answers which messages failed
 * (`batchItemFailures`): only those come back, and go to the dead letters after the queue's `maxReceives`. Throws when
 * the queue hides a message for less than 6 times the function's timeout plus the batching window.
 */
export class QueueConsumer extends Construct {
  constructor(scope: Construct, id: string, props: QueueConsumerProps) {
    super(scope, id);
    const { queue, consumer, batchSize = 10, batchingWindow = "0 seconds", maxConcurrency } = props;
    checkConsumer(this.node.path, { ...props, batchSize, batchingWindow });
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
      // Lambda refuses a mapping whose role may not read the queue.
      dependsOn: consumer.role.resources,
    });
  }
}

type Checked = QueueConsumerProps & Required<Pick<QueueConsumerProps, "batchSize" | "batchingWindow">>;

function checkConsumer(path: string, { queue, consumer, ...settings }: Checked): void {
  const { batchSize, batchingWindow, maxConcurrency } = settings;
  const check = new Check(path);
  check.number("batchSize", batchSize, { least: 1, most: 10_000, unit: "messages" });
  check.duration("batchingWindow", batchingWindow, { least: "0 seconds", most: "5 minutes" });
  if (batchSize > 10 && seconds(batchingWindow) < 1) {
    const why = `Lambda gathers a batchSize of ${batchSize}, more than 10, over time only`;
    check.reject("batchingWindow", batchingWindow, { allowed: '"1 second" or more', why });
  }
  if (maxConcurrency !== undefined) {
    check.number("maxConcurrency", maxConcurrency, { least: 2, most: 1_000, unit: "events at once" });
  }
  const hidden = VISIBILITY_FACTOR * seconds(consumer.timeout) + seconds(batchingWindow);
  if (seconds(queue.visibilityTimeout) < hidden) {
    new Check(queue.node.path, check.problems).reject("visibilityTimeout", queue.visibilityTimeout, {
      allowed: `"${hidden} seconds" or more`,
      why: `6 times the timeout of ${path}, "${consumer.timeout}", plus its batchingWindow, "${batchingWindow}"`,
    });
  }
  check.throwProblems();
}
