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
  /** Address whose pages may upload from browsers. */
  readonly address: Pick<PublicAddress, "url">;
  /** Queue that receives an event per upload. */
  readonly queue: WorkQueue;
}

/** All buckets of an environment: sources, streams, static files, their backup, and access logs. */
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
      // The load balancer and S3's server access logs can only write to a bucket with SSE-S3.
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
      onlyS3Key: true,
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
          // Completing a multipart upload needs the ETags of its parts.
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
      // AWS Backup needs these events, and would enable them itself.
      eventbridge: true,
      queue: [{ id: "media-queue", queueArn: queue.arn, events: ["s3:ObjectCreated:*"] }],
      // S3 sends a test message when the notification is created.
      dependsOn: [queue.resource],
    });
  }

  private acceptAccessLogs(account: string): void {
    // The load balancer's prefix and AWS's subfolder; AWS checks write access at creation.
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
