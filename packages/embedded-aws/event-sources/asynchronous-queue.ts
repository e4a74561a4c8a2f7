import { GetFunctionEventInvokeConfigCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { functionOf } from "../lambda/function-reference";
import {
  type AsynchronousEvent,
  deliverEvent,
  type FailedEvent,
  type RetryPolicy,
} from "./asynchronous-events";
import { queueUrl } from "./deployed-queue";
import type { EventSourceRuntime } from "./runtime";

/** Long poll in seconds for the next event. */
const WAIT_SECONDS = 20;
const RETRY_MS = 1_000;

/** Delivers services' events to functions until everything stops. */
export async function startAsynchronousEvents(
  client: LambdaClient,
  runtime: EventSourceRuntime,
): Promise<void> {
  const { aws, onFault, pause, stopped } = runtime;
  const events = `${aws.endpoint}/moto-api/overlay/lambda-events`;
  let last = 0;
  while (!stopped.aborted) {
    try {
      const url = `${events}?after=${last}&wait=${WAIT_SECONDS}`;
      const response = await fetch(url, { signal: stopped });
      for (const event of (await response.json()) as AsynchronousEvent[]) {
        last = event.number;
        void handle(event).catch((error: unknown) =>
          onFault(`an event for ${event.functionArn} failed: ${String(error)}`),
        );
      }
    } catch (error) {
      onFault(`events for functions can't be read: ${String(error)}`);
      await pause(RETRY_MS);
    }
  }

  async function handle(event: AsynchronousEvent): Promise<void> {
    if (!(await deliverEvent(event, ports(client, runtime)))) return;
    await fetch(`${events}/${event.number}`, { method: "DELETE" });
  }
}

function ports(client: LambdaClient, runtime: EventSourceRuntime) {
  return {
    invoke: ({ functionArn, event }: AsynchronousEvent) =>
      runtime.functions.invoke({ ...functionOf(functionArn), event }),
    retryPolicy: (functionArn: string) => retryPolicyOf(client, functionArn),
    deadLetter: (failed: FailedEvent) => sendDeadLetter(failed, runtime),
    now: Date.now,
    pause: runtime.pause,
  };
}

const DEFAULT_RETRY_POLICY: RetryPolicy = { retries: 2, maxAgeSeconds: 6 * 3_600 };

async function retryPolicyOf(client: LambdaClient, functionArn: string): Promise<RetryPolicy> {
  const { functionName, qualifier } = functionOf(functionArn);
  const request = { FunctionName: functionName, Qualifier: qualifier };
  try {
    const found = await client.send(new GetFunctionEventInvokeConfigCommand(request));
    return {
      retries: found.MaximumRetryAttempts ?? DEFAULT_RETRY_POLICY.retries,
      maxAgeSeconds: found.MaximumEventAgeInSeconds ?? DEFAULT_RETRY_POLICY.maxAgeSeconds,
    };
  } catch (error) {
    if ((error as Error).name === "ResourceNotFoundException") return DEFAULT_RETRY_POLICY;
    throw error;
  }
}

/** Sends an event to the function's dead-letter target with the function's role, as Lambda does. */
async function sendDeadLetter(failed: FailedEvent, runtime: EventSourceRuntime): Promise<void> {
  const { aws, configuration, credentials, onFault } = runtime;
  const { event, requestId, errorCode, errorMessage } = failed;
  const { deadLetterTarget, role, name } = await configuration(event.functionArn);
  onFault(`all attempts of an event for ${event.functionArn} failed: ${errorMessage}`);
  if (deadLetterTarget === undefined) return;
  const config = { ...aws, credentials: credentials.provider({ role, sessionName: name }) };
  const text = (StringValue: string, DataType = "String") => ({ DataType, StringValue });
  const MessageAttributes = {
    RequestID: text(requestId || "none"),
    ErrorCode: text(errorCode, "Number"),
    ErrorMessage: text(errorMessage.slice(0, 1_024) || "none"),
  };
  const body = JSON.stringify(event.event);
  if (deadLetterTarget.startsWith("arn:aws:sns:")) {
    const message = { TopicArn: deadLetterTarget, Message: body, MessageAttributes };
    await new SNSClient(config).send(new PublishCommand(message));
  } else {
    const QueueUrl = queueUrl(aws.endpoint, deadLetterTarget);
    await new SQSClient(config).send(
      new SendMessageCommand({ QueueUrl, MessageBody: body, MessageAttributes }),
    );
  }
}
