import { S3BucketCorsConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-cors-configuration";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { Construct } from "constructs";
import { Bucket } from "./bucket";
import type { PublicAddress } from "../edge/public-address";
import { Replication } from "./replication";
import type { WorkQueue } from "./work-queue";
import type { StorageSettings } from "./settings";

export interface StorageProps extends StorageSettings {
  readonly account: string;
  readonly protect: boolean;
  /** Whose pages may upload from the browser. */
  readonly address: Pick<PublicAddress, "url">;
  /** Learns of each uploaded object. */
  readonly queue: WorkQueue;
}

/** What videos are made of: sources, streams, pages, copies of them, and who read them. */
export class Storage extends Construct {
  readonly uploads: Bucket;
  readonly streams: Bucket;
  readonly static: Bucket;
  readonly backup: Bucket;
  readonly logs: Bucket;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const { account, protect, noncurrentDays } = props;
    this.logs = new Bucket(this, "logs", {
      account,
      protect,
      lifecycle: { expirationDays: props.logsExpirationDays, noncurrentDays: 1 },
    });
    const kept = { account, protect, accessLogs: this.logs };
    this.uploads = new Bucket(this, "uploads", {
      ...kept,
      lifecycle: { infrequentAccessDays: props.sourcesInfrequentAccessDays, noncurrentDays },
    });
    this.streams = new Bucket(this, "streams", { ...kept, lifecycle: { noncurrentDays } });
    this.static = new Bucket(this, "static", { ...kept, lifecycle: { noncurrentDays } });
    this.backup = new Bucket(this, "backup", {
      ...kept,
      lifecycle: { infrequentAccessDays: 30, noncurrentDays },
    });
    this.letBrowsersUpload(props.address.url);
    this.notify(props.queue);
    this.acceptAccessLogs(account);
    new Replication(this, "replication", {
      account,
      sources: [this.uploads, this.streams, this.static],
      target: this.backup,
    });
  }

  private letBrowsersUpload(pageOrigin: string): void {
    new S3BucketCorsConfiguration(this, "uploads-cors", {
      bucket: this.uploads.name,
      corsRule: [
        {
          allowedMethods: ["PUT"],
          allowedOrigins: [pageOrigin],
          allowedHeaders: ["*"],
          // A multipart upload is completed with the entity tag of each part.
          exposeHeaders: ["ETag"],
          maxAgeSeconds: 3_000,
        },
      ],
    });
  }

  private notify(queue: WorkQueue): void {
    queue.allowBucket(this.uploads.arn);
    new S3BucketNotification(this, "uploads-notification", {
      bucket: this.uploads.name,
      // AWS Backup follows a bucket by these events, and would turn them on itself.
      eventbridge: true,
      queue: [{ id: "media-queue", queueArn: queue.arn, events: ["s3:ObjectCreated:*"] }],
      // S3 sends a test message when it takes the notification.
      dependsOn: [queue.resource],
    });
  }

  private acceptAccessLogs(account: string): void {
    // The load balancer's prefix and AWS's folder below it; checked when the load balancer is made.
    this.logs.allow({
      Sid: "BalancerLogs",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${this.logs.arn}/load-balancer/AWSLogs/${account}/*`,
    });
    this.logs.allow({
      Sid: "AccessLogs",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${this.logs.arn}/s3/*`,
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    });
  }
}
