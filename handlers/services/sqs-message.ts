import type { AwsClient } from "./aws-client";

export interface SqsMessage {
  readonly queueUrl: string;
  readonly body: string;
  /** X-Ray trace header. */
  readonly trace?: string | undefined;
}

/** Sends a message with a client of SQS. Rejects like `AwsClient.send`. */
export async function sendMessage(client: AwsClient, { queueUrl, body, trace }: SqsMessage): Promise<void> {
  const traceHeader =
    trace === undefined ? {} : { AWSTraceHeader: { DataType: "String", StringValue: trace } };
  await client.send({
    operation: "SendMessage",
    method: "POST",
    url: client.endpoint,
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" },
    body: JSON.stringify({
      QueueUrl: queueUrl,
      MessageBody: body,
      MessageSystemAttributes: traceHeader,
    }),
  });
}
