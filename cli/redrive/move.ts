import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import {
  DeleteMessageBatchCommand,
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { batches, type Letter } from "./letters";
import type { Explained } from "./select";

/** The queues, and the client to use them with. */
export interface Queues {
  readonly sqs: SQSClient;
  readonly mediaQueueUrl: string;
  readonly deadLettersUrl: string;
}

export interface Moved {
  readonly done: Letter[];
  readonly failed: { readonly letter: Letter; readonly why: string }[];
}

/** Writes letters to a file, one JSON object per line, and flushes it to disk. */
export function keepLetters(file: string, letters: readonly Explained[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const opened = openSync(file, "wx", 0o600);
  try {
    // The receipt is useless after deletion.
    for (const letter of letters) writeSync(opened, `${JSON.stringify({ ...letter, receipt: undefined })}\n`);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/**
 * Sends letters to the media queue, then deletes those that were accepted. If interrupted between both, a message is in
 * both queues, which the processor tolerates, and never in neither.
 */
export async function redrive(queues: Queues, letters: readonly Letter[]): Promise<Moved> {
  const moved: Moved = { done: [], failed: [] };
  for (const batch of batches(letters)) {
    const { sqs, mediaQueueUrl } = queues;
    const sent = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: mediaQueueUrl, Entries: batch.map(entryOf) }),
    );
    for (const { Id, Message: why = "" } of sent.Failed ?? []) {
      const letter = batch[Number(Id)];
      if (letter) moved.failed.push({ letter, why });
    }
    const taken = (sent.Successful ?? []).flatMap(({ Id }) => batch[Number(Id)] ?? []);
    await remove(queues, taken, moved);
  }
  return moved;
}

/** Deletes letters; the caller must have saved them. */
export async function discard(queues: Queues, letters: readonly Letter[]): Promise<Moved> {
  const moved: Moved = { done: [], failed: [] };
  for (const batch of batches(letters)) await remove(queues, batch, moved);
  return moved;
}

async function remove(
  { sqs, deadLettersUrl }: Queues,
  letters: readonly Letter[],
  moved: Moved,
): Promise<void> {
  if (letters.length === 0) return;
  const { Successful = [], Failed = [] } = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: deadLettersUrl,
      Entries: letters.map(({ receipt }, index) => ({ Id: `${index}`, ReceiptHandle: receipt })),
    }),
  );
  moved.done.push(...Successful.flatMap(({ Id }) => letters[Number(Id)] ?? []));
  for (const { Id, Message: why = "" } of Failed) {
    const letter = letters[Number(Id)];
    if (letter) moved.failed.push({ letter, why: `sent, but not deleted from the dead letters: ${why}` });
  }
}

/** The original message with its trace header. */
function entryOf({ body, attributes, trace }: Letter, index: number) {
  const sent = Object.entries(attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]): [string, MessageAttributeValue] => [
      name,
      { DataType, StringValue, BinaryValue },
    ],
  );
  const traceHeader = { DataType: "String" as const, StringValue: trace };
  return {
    Id: `${index}`,
    MessageBody: body,
    MessageAttributes: sent.length === 0 ? undefined : Object.fromEntries(sent),
    MessageSystemAttributes: trace === undefined ? undefined : { AWSTraceHeader: traceHeader },
  };
}
