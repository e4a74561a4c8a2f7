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

/** Where letters go to and come from. */
export interface Queues {
  readonly sqs: SQSClient;
  readonly mediaQueueUrl: string;
  readonly deadLettersUrl: string;
}

export interface Moved {
  readonly done: Letter[];
  readonly failed: { readonly letter: Letter; readonly why: string }[];
}

/** Writes letters to a file, one JSON object a line; when it returns, they are on the disk. */
export function keepLetters(file: string, letters: readonly Explained[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const opened = openSync(file, "wx", 0o600);
  try {
    // What it was deleted by is of no use afterwards.
    for (const letter of letters) writeSync(opened, `${JSON.stringify({ ...letter, receipt: undefined })}\n`);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/**
 * Sends letters to the media queue and deletes those that it took, in this order: what ends in between has a message
 * in both, which the processor does once; it never has one in neither.
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

/** Deletes letters: whoever calls it has kept them. */
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
    if (letter) moved.failed.push({ letter, why: `it could not be deleted: ${why}` });
  }
}

/** The message as it was, with the trace that it belongs to. */
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
