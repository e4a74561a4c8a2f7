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
      deliveryDestinationArn: destination.arn,
    });
    logs.allow({
      Sid: "EdgeLogs",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${logs.arn}/edge/*`,
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    });
  }
}
