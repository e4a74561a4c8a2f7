import type { SQSClient } from "@aws-sdk/client-sqs";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message as SqsMessage,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import type { ProcessingQueue, ProcessingRequest } from "../media/ports";
import type { Message, Queue } from "../processor/ports";
import { messageOf } from "./processing-requests";

export interface MediaQueueOptions {
  readonly client: SQSClient;
  readonly url: string;
  /** Bucket of the sources. */
  readonly bucket: string;
  /** Seconds that a received message is hidden. */
  readonly hiddenSeconds: number;
  /** Long poll in seconds, at most 20. */
  readonly pollSeconds: number;
}

/** SQS's maximum batch size. */
const MAX_BATCH_SIZE = 10;

/** The media queue in SQS. */
export class MediaQueue implements Queue, ProcessingQueue {
  constructor(private readonly options: MediaQueueOptions) {}

  async receive(count: number): Promise<readonly Message[]> {
    const { client, url, hiddenSeconds, pollSeconds } = this.options;
    const command = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(count, MAX_BATCH_SIZE),
      WaitTimeSeconds: pollSeconds,
      VisibilityTimeout: hiddenSeconds,
      MessageSystemAttributeNames: ["ApproximateReceiveCount", "AWSTraceHeader"],
    });
    const { Messages: messages = [] } = await client.send(command);
    return messages.map(toMessage);
  }

  async send(request: ProcessingRequest): Promise<void> {
    const { client, url, bucket } = this.options;
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: messageOf(request, { bucket }) }));
  }

  async hide({ receipt }: Message, seconds: number): Promise<void> {
    const { client, url } = this.options;
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: receipt,
        VisibilityTimeout: seconds,
      }),
    );
  }

  async delete({ receipt }: Message): Promise<void> {
    const { client, url } = this.options;
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt }));
  }
}

function toMessage({ MessageId = "", Body = "", ReceiptHandle = "", Attributes }: SqsMessage): Message {
  return {
    id: MessageId,
    body: Body,
    receipt: ReceiptHandle,
    receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
    trace: Attributes?.AWSTraceHeader,
  };
}
