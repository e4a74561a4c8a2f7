import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { Construct } from "constructs";
import { document, tlsOnly } from "../access";
import type { Check } from "../limits";
import { physicalName } from "../names";
import type { Metric } from "./metrics";

export interface AlarmSettings {
  /** Who is told; each address confirms its subscription once. */
  readonly emails: readonly string[];
}

export interface Alarm {
  readonly metric: Metric;
  /** What it means, for whoever is woken by it. */
  readonly description: string;
  readonly threshold: number;
  /** Minutes in a row that the metric is beyond the threshold. */
  readonly minutes: number;
  readonly when?: "above" | "below";
}

export interface AlarmsProps extends AlarmSettings {
  readonly account: string;
  readonly region: string;
  readonly alarms: Readonly<Record<string, Alarm>>;
}

/** Alarms of one environment and the topic that tells of them, and of their end. */
export class Alarms extends Construct {
  readonly topicArn: string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.topicArn = this.topic(props);
    for (const [name, alarm] of Object.entries(props.alarms)) this.alarm(name, alarm);
  }

  private topic({ account, region, emails }: AlarmsProps): string {
    // Not under the key aws/sns: CloudWatch may not use it, and its alarms would be lost.
    const topic = new SnsTopic(this, "topic", { name: physicalName(this, "topic") });
    new SnsTopicPolicy(this, "topic-policy", {
      arn: topic.arn,
      policy: document([
        tlsOnly("sns:Publish", topic.arn),
        {
          Sid: "Alarms",
          Effect: "Allow",
          Principal: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
          Action: "sns:Publish",
          Resource: topic.arn,
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
        {
          Sid: "Events",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sns:Publish",
          Resource: topic.arn,
          Condition: { ArnLike: { "aws:SourceArn": `arn:aws:events:${region}:${account}:rule/*` } },
        },
      ]),
    });
    for (const endpoint of emails) {
      new SnsTopicSubscription(this, `to-${endpoint.replace(/[^a-z0-9]/gi, "-")}`, {
        topicArn: topic.arn,
        protocol: "email",
        endpoint,
      });
    }
    return topic.arn;
  }

  private alarm(name: string, { metric, description, threshold, minutes, when = "above" }: Alarm): void {
    new CloudwatchMetricAlarm(this, name, {
      alarmName: physicalName(this, "alarm", name),
      alarmDescription: description,
      namespace: metric.namespace,
      metricName: metric.name,
      dimensions: { ...metric.dimensions },
      ...(metric.statistic.startsWith("p")
        ? { extendedStatistic: metric.statistic }
        : { statistic: metric.statistic }),
      period: 60,
      evaluationPeriods: minutes,
      datapointsToAlarm: minutes,
      comparisonOperator: when === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
      threshold,
      // No requests are no errors.
      treatMissingData: "notBreaching",
      alarmActions: [this.topicArn],
      okActions: [this.topicArn],
    });
  }
}

export function checkAlarms(settings: AlarmSettings, check: Check): void {
  settings.emails.forEach((email, index) => {
    check.matches(`emails[${index}]`, email, /^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address");
  });
}
