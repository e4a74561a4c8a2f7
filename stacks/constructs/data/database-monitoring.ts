import { Construct } from "constructs";
import { logGroupResources } from "../compute/log-group";
import { ServiceRole } from "../compute/service-role";
import { optional } from "../../lib/optional";
import { encryptionKeyArn } from "../encryption/encryption-keys";
import type { DatabaseSettings } from "./settings";

export interface DatabaseMonitoringProps extends Pick<
  DatabaseSettings,
  "monitoringIntervalSeconds" | "performanceInsights"
> {
  readonly region: string;
  readonly account: string;
}

/** Enhanced monitoring and Performance Insights, if enabled in the settings. */
export class DatabaseMonitoring extends Construct {
  /** Instance attributes that enable them. */
  readonly attributes: {
    monitoringInterval: number;
    monitoringRoleArn?: string;
    performanceInsightsEnabled: boolean;
    performanceInsightsRetentionPeriod?: number;
    performanceInsightsKmsKeyId?: string;
  };

  constructor(scope: Construct, id: string, props: DatabaseMonitoringProps) {
    super(scope, id);
    const monitored = props.monitoringIntervalSeconds > 0;
    this.attributes = {
      monitoringInterval: props.monitoringIntervalSeconds,
      ...optional({
        monitoringRoleArn: monitored
          ? this.role({ region: props.region, account: props.account }).arn
          : undefined,
      }),
      performanceInsightsEnabled: props.performanceInsights,
      ...optional({
        performanceInsightsRetentionPeriod: props.performanceInsights ? 7 : undefined,
        performanceInsightsKmsKeyId: props.performanceInsights ? encryptionKeyArn(this) : undefined,
      }),
    };
  }

  private role({ region, account }: Pick<DatabaseMonitoringProps, "region" | "account">): ServiceRole {
    const group = `arn:aws:logs:${region}:${account}:log-group:RDSOSMetrics`;
    return new ServiceRole(this, "role", {
      service: "monitoring.rds.amazonaws.com",
      permissions: [
        {
          actions: [
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:GetLogEvents",
            "logs:PutLogEvents",
            "logs:PutRetentionPolicy",
          ],
          resources: logGroupResources(group),
        },
      ],
    });
  }
}
