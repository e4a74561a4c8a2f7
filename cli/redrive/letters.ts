import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { readMessage } from "../../handlers/processor/message";

/** A message that the media queue gave up. */
export interface Letter {
  readonly id: string;
  readonly body: string;
  /** What it is deleted by. */
  readonly receipt: string;
  /** When S3, or whoever redrove it last, put it into the media queue. */
  readonly sent: Date;
  /** How often it was received, here and in the media queue. */
  readonly receives: number;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** X-Ray's header of who sent it. */
  readonly trace: string | undefined;
  /** Ids of the media that it is about; empty when it can't be read. */
  readonly media: readonly string[];
}

/** SQS takes and gives no more at once. */
export const MAX_BATCH_SIZE = 10;
/** Seconds for which nobody else gets what is being looked at; then it is there again, whatever happens here. */
const VISIBILITY_TIMEOUT_S = 900;
/** A queue has many servers, and one poll may miss some of them: so many polls must find nothing. */
const EMPTY_POLLS = 2;

export interface TakeOptions {
  readonly sqs: SQSClient;
  readonly url: string;
  readonly uploadsBucket: string;
  readonly onProgress?: (taken: number) => void;
  /** Seconds of a poll. */
  readonly wait?: number;
}

/** Takes all that is in the queue of dead letters; `show` puts back what is left of it. */
export async function takeLetters(options: TakeOptions): Promise<Letter[]> {
  const { sqs, url, uploadsBucket, onProgress, wait = 2 } = options;
  const letters = new Map<string, Letter>();
  for (let empty = 0; empty < EMPTY_POLLS;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: MAX_BATCH_SIZE,
        WaitTimeSeconds: wait,
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

/** Lets everybody see them again, at once. */
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
