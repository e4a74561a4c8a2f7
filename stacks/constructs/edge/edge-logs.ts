import { CloudwatchLogDelivery } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery";
import { CloudwatchLogDeliveryDestination } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination";
import { CloudwatchLogDeliverySource } from "@cdktf/provider-aws/lib/cloudwatch-log-delivery-source";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import type { Bucket } from "../data/bucket";

export interface EdgeLogsProps {
  readonly account: string;
  readonly provider: TerraformProvider;
  readonly distributionArn: string;
  readonly logs: Bucket;
}

/** Region of CloudFront's log deliveries. */
const DELIVERY_REGION = "us-east-1";

/**
 * All fields but three that contain secrets: `cs-uri-query` and `cs(Referer)` the tokens of shared links, the signatures
 * of posters and the tickets of events, `cs(Cookie)` the cookies of viewers. The load balancer's log, which can't omit
 * fields, has the tickets; they are valid for an hour.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 */
const RECORD_FIELDS = [
  "date",
  "time",
  "x-edge-location",
  "sc-bytes",
  "c-ip",
  "c-port",
  "cs-method",
  "cs(Host)",
  "cs-uri-stem",
  "sc-status",
  "cs(User-Agent)",
  "x-edge-result-type",
  "x-edge-request-id",
  "x-host-header",
  "cs-protocol",
  "cs-bytes",
  "time-taken",
  "x-forwarded-for",
  "ssl-protocol",
  "ssl-cipher",
  "x-edge-response-result-type",
  "cs-protocol-version",
  "fle-status",
  "fle-encrypted-fields",
  "time-to-first-byte",
  "x-edge-detailed-result-type",
  "sc-content-type",
  "sc-content-len",
  "sc-range-start",
  "sc-range-end",
];

/** CloudFront's access logs in S3 by log delivery; the older method needs bucket ACLs. */
export class EdgeLogs extends Construct {
  constructor(scope: Construct, id: string, { account, provider, distributionArn, logs }: EdgeLogsProps) {
    super(scope, id);
    const name = physicalName(this, "log delivery");
    const source = new CloudwatchLogDeliverySource(this, "source", {
      provider,
      name,
      logType: "ACCESS_LOGS",
      resourceArn: distributionArn,
    });
    const destination = new CloudwatchLogDeliveryDestination(this, "destination", {
      provider,
      name,
      outputFormat: "json",
      deliveryDestinationConfiguration: [{ destinationResourceArn: `${logs.arn}/edge` }],
      dependsOn: [logs.policy],
    });
    new CloudwatchLogDelivery(this, "Default", {
      provider,
      deliverySourceName: source.name,
      recordFields: RECORD_FIELDS,
      deliveryDestinationArn: destination.arn,
    });
    // The statement that AWS appends when a delivery is created and the bucket's policy lacks it. Terraform would remove it
    // again, and the pipeline may not change the policy of a protected bucket. Only a real account shows whether AWS takes
    // this one as its own; if not, creating the delivery fails there with AccessDenied for s3:PutBucketPolicy.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
    logs.allow({
      Sid: "AWSLogDeliveryWrite1",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${logs.arn}/edge/*`,
      Condition: {
        StringEquals: { "aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control" },
        ArnLike: { "aws:SourceArn": `arn:aws:logs:${DELIVERY_REGION}:${account}:delivery-source:${name}` },
      },
    });
  }
}
