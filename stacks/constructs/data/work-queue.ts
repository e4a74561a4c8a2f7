import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Fn, Lazy } from "cdktf";
import { Construct } from "constructs";
import { document, type Permission, tlsOnly } from "../../lib/permissions";
import { physicalName } from "../../lib/names";
import { type Duration, seconds } from "../../lib/duration";
import type { ScheduleTarget } from "../compute/schedule";
import { encryptionKeyArn } from "../encryption/encryption-keys";
import type { WorkQueueSettings } from "./settings";

export interface WorkQueueProps extends WorkQueueSettings {
  readonly region: string;
  readonly account: string;
}

/** An at-least-once work queue: encrypted, TLS only, with a dead-letter queue. */
export class WorkQueue extends Construct {
  readonly url: string;
  readonly arn: string;
  readonly name: string;
  readonly deadLettersArn: string;
  readonly deadLettersUrl: string;
  readonly deadLettersName: string;
  /** Receives before a message moves to the dead-letter queue. */
  readonly maxReceives: number;
  /** Time that a received message is hidden from other consumers. */
  readonly visibilityTimeout: Duration;
  /** For `dependsOn` of senders. */
  readonly resource: SqsQueue;
  private readonly account: string;
  private readonly statements: object[];

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    // Names are known before creation, so that the queues can refer to each other.
    this.name = physicalName(this, "queue");
    const arnPrefix = `arn:aws:sqs:${props.region}:${props.account}`;
    this.account = props.account;
    this.arn = `${arnPrefix}:${this.name}`;
    this.statements = [tlsOnly("sqs:*", this.arn)];
    this.maxReceives = props.maxReceives;
    this.visibilityTimeout = props.visibilityTimeout;
    const deadLetters = this.deadLetters(props.deadLetterRetention, { arnPrefix });
    this.resource = new SqsQueue(this, "Default", {
      name: this.name,
      ...this.encryption(),
      visibilityTimeoutSeconds: seconds(props.visibilityTimeout),
      messageRetentionSeconds: seconds("4 days"),
      receiveWaitTimeSeconds: 20,
      redrivePolicy: Fn.jsonencode({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: props.maxReceives,
      }),
      policy: Lazy.stringValue({ produce: () => document(this.statements) }),
    });
    this.url = this.resource.url;
    this.deadLettersArn = deadLetters.arn;
    this.deadLettersUrl = deadLetters.url;
    this.deadLettersName = deadLetters.name;
  }

  /** Permission to send messages. */
  send(): Permission {
    return { actions: ["sqs:SendMessage"], resources: [this.arn] };
  }

  /** What a `Schedule` needs to put messages. */
  scheduleTarget(): ScheduleTarget {
    return { arn: this.resource.arn, permission: this.send() };
  }

  /** Permission to receive, extend and delete messages. */
  consume(): Permission {
    return {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
      resources: [this.arn],
    };
  }

  /**
   * Permission for Lambda's polling. SQS's own key needs no permission, and a customer managed key permits its use
   * through SQS.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
   */
  poll(): Permission {
    return {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [this.arn],
    };
  }

  /** Allows a bucket to send events; S3 checks this when the notification is created. */
  allowBucket(bucketArn: string): void {
    this.statements.push({
      Sid: `From${bucketArn.replace(/[^A-Za-z0-9]/g, "")}`,
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: this.arn,
      Condition: {
        ArnEquals: { "aws:SourceArn": bucketArn },
        StringEquals: { "aws:SourceAccount": this.account },
      },
    });
  }

  private encryption() {
    const kmsMasterKeyId = encryptionKeyArn(this);
    return kmsMasterKeyId === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId };
  }

  private deadLetters(retention: Duration, { arnPrefix }: { readonly arnPrefix: string }): SqsQueue {
    const name = physicalName(this, "queue", "dead-letters");
    return new SqsQueue(this, "dead-letters", {
      name,
      ...this.encryption(),
      messageRetentionSeconds: seconds(retention),
      redriveAllowPolicy: Fn.jsonencode({ redrivePermission: "byQueue", sourceQueueArns: [this.arn] }),
      policy: document([tlsOnly("sqs:*", `${arnPrefix}:${name}`)]),
    });
  }
}
