import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { AwsClientConfig } from "../client";
import type { RoleCredentials } from "../lambda/credentials";
import type { PolledQueue } from "./queue-poller";

/** URL of a queue at the emulator. */
export function queueUrl(endpoint: string, arn: string): string {
  const [, , , , account, name] = arn.split(":");
  return `${endpoint}/${account}/${name}`;
}

export interface RoleOf {
  readonly credentials: RoleCredentials;
  /** Current role ARN of the function. */
  readonly role: () => Promise<string>;
}

/** A queue accessed with a function's role, as Lambda does. */
export function deployedQueue(aws: AwsClientConfig, arn: string, { credentials, role }: RoleOf): PolledQueue {
  const client = new SQSClient({
    ...aws,
    credentials: async () =>
      credentials.provider({ role: await role(), sessionName: "event-source-mapping" })(),
  });
  const QueueUrl = queueUrl(aws.endpoint, arn);
  return {
    async receive({ count, waitSeconds }) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: count,
          WaitTimeSeconds: waitSeconds,
          MessageSystemAttributeNames: ["All"],
          MessageAttributeNames: ["All"],
        }),
      );
      return Messages;
    },
    async delete(records) {
      const Entries = records.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
      }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    },
    async visibilityTimeout() {
      const request = { QueueUrl, AttributeNames: ["VisibilityTimeout" as const] };
      const { Attributes } = await client.send(new GetQueueAttributesCommand(request));
      return Number(Attributes?.VisibilityTimeout ?? 30);
    },
  };
}
