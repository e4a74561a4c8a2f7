import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { readMessage } from "../../handlers/processor/message";

/** A message in the media queue's dead-letter queue. */
export interface Letter {
  readonly id: string;
  readonly body: string;
  /** Receipt handle for deletion. */
  readonly receipt: string;
  /** Time at which S3 or a redrive sent it to the media queue. */
  readonly sent: Date;
  /** Number of receives, in this queue and the media queue. */
  readonly receives: number;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** X-Ray trace header of the sender. */
  readonly trace: string | undefined;
  /** Media ids in the message; empty if it can't be parsed. */
  readonly media: readonly string[];
}

/** SQS's maximum batch size. */
export const MAX_BATCH_SIZE = 10;
/** Seconds for which received messages are hidden; afterwards they are visible again in any case. */
const VISIBILITY_TIMEOUT_S = 900;
const WAIT_SECONDS = 2;
/** Empty polls before the queue counts as empty; a single poll can miss some of SQS's servers. */
const EMPTY_POLLS = 2;

export interface TakeOptions {
  readonly sqs: SQSClient;
  readonly url: string;
  readonly uploadsBucket: string;
  readonly onProgress?: (taken: number) => void;
}

/** Receives all dead letters; `show` makes the remaining ones visible again. */
export async function takeLetters(options: TakeOptions): Promise<Letter[]> {
  const { sqs, url, uploadsBucket, onProgress } = options;
  const letters = new Map<string, Letter>();
  for (let empty = 0; empty < EMPTY_POLLS;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: MAX_BATCH_SIZE,
        WaitTimeSeconds: WAIT_SECONDS,
        VisibilityTimeout: VISIBILITY_TIMEOUT_S,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
    );
    empty = Messages.length === 0 ? empty + 1 : 0;
    for (const message of Messages) letters.set(message.MessageId ?? "", letterOf(message, uploadsBucket));
    onProgress?.(letters.size);
  }
  return [...letters.values()].sort((one, other) => one.sent.getTime() - other.sent.getTime());
}

/** Makes letters visible to all consumers immediately. */
export async function show(sqs: SQSClient, url: string, letters: readonly Letter[]): Promise<void> {
  for (const batch of batches(letters)) {
    await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: batch.map(({ receipt }, index) => ({
          Id: `${index}`,
          ReceiptHandle: receipt,
          VisibilityTimeout: 0,
        })),
      }),
    );
  }
}

export function batches<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / MAX_BATCH_SIZE) }, (_, index) =>
    items.slice(index * MAX_BATCH_SIZE, (index + 1) * MAX_BATCH_SIZE),
  );
}

function letterOf(message: Message, uploadsBucket: string): Letter {
  const { MessageId = "", Body = "", ReceiptHandle = "", Attributes = {}, MessageAttributes = {} } = message;
  return {
    id: MessageId,
    body: Body,
    receipt: ReceiptHandle,
    sent: new Date(Number(Attributes.SentTimestamp ?? 0)),
    receives: Number(Attributes.ApproximateReceiveCount ?? 0),
    attributes: MessageAttributes,
    trace: Attributes.AWSTraceHeader,
    media: mediaOf(Body, uploadsBucket),
  };
}

function mediaOf(body: string, uploadsBucket: string): string[] {
  try {
    return readMessage(body, { uploadsBucket }).sources.map(({ id }) => id);
  } catch {
    return [];
  }
}
