import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { seconds } from "../../lib/duration";
import type { WorkQueue } from "../data/work-queue";
import { optional } from "../../lib/optional";
import type { ProcessorSettings } from "./settings";

export interface ProcessorScalingProps extends ProcessorSettings {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly queue: WorkQueue;
}

/**
 * Scales the processor by CPU and backlog per task, whichever needs more tasks. Target tracking reacts after three
 * minutes; a step policy reacts to bursts after one.
 */
export class ProcessorScaling extends Construct {
  constructor(scope: Construct, id: string, props: ProcessorScalingProps) {
    super(scope, id);
    const target = new AppautoscalingTarget(this, "Default", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${props.clusterName}/${props.serviceName}`,
      minCapacity: props.minimumTasks,
      maxCapacity: props.maximumTasks,
    });
    const policy = (role: string, targetValue: number, metric: object): AppautoscalingPolicy =>
      new AppautoscalingPolicy(this, role, {
        name: physicalName(this, "scaling policy", role),
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          targetValue,
          scaleInCooldown: seconds(props.cooldown),
          scaleOutCooldown: seconds(props.cooldown),
          ...metric,
        },
      });
    policy("cpu", props.cpuTarget, {
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
    });
    policy("backlog", props.backlogTarget, { customizedMetricSpecification: { metrics: backlog(props) } });
    this.rush(target, props);
  }

  /**
   * Step policy: one more task when messages wait, the maximum at twice the target backlog; docs/performance.md
   * compares such steps.
   */
  private rush(target: AppautoscalingTarget, props: ProcessorScalingProps): void {
    const { backlogTarget: some, maximumTasks, minimumTasks } = props;
    const name = physicalName(this, "scaling policy", "rush");
    const steps = [
      { from: 0, to: some, more: 1 },
      { from: some, to: undefined, more: Math.max(1, maximumTasks - minimumTasks) },
    ];
    const policy = new AppautoscalingPolicy(this, "rush", {
      name,
      policyType: "StepScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      stepScalingPolicyConfiguration: {
        adjustmentType: "ChangeInCapacity",
        metricAggregationType: "Maximum",
        cooldown: seconds(props.cooldown),
        stepAdjustment: steps.map(({ from, to, more }) => ({
          metricIntervalLowerBound: String(from),
          ...optional({ metricIntervalUpperBound: to?.toString() }),
          scalingAdjustment: more,
        })),
      },
    });
    new CloudwatchMetricAlarm(this, "rush-alarm", {
      alarmName: name,
      alarmDescription: "Adds processor tasks; has no recipients",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: props.queue.name },
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: some,
      treatMissingData: "notBreaching",
      alarmActions: [policy.arn],
    });
  }
}

/** Metric math: waiting messages per running task. */
function backlog({ queue, clusterName, serviceName }: ProcessorScalingProps): object[] {
  return [
    stat({
      id: "waiting",
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      statistic: "Maximum",
      dimensions: { QueueName: queue.name },
    }),
    // Each running task reports its CPU once per minute, so the sample count is the number of tasks, without Container
    // Insights.
    stat({
      id: "tasks",
      namespace: "AWS/ECS",
      metricName: "CPUUtilization",
      statistic: "SampleCount",
      dimensions: { ClusterName: clusterName, ServiceName: serviceName },
    }),
    {
      id: "backlog",
      label: "Waiting messages per task",
      expression: "waiting / IF(FILL(tasks, 1) < 1, 1, FILL(tasks, 1))",
      returnData: true,
    },
  ];
}

interface MetricQuery {
  readonly id: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric with an id for metric math. */
function stat({ id, namespace, metricName, statistic, dimensions: names }: MetricQuery): object {
  const dimensions = Object.entries(names).map(([name, value]) => ({ name, value }));
  return {
    id,
    metricStat: { metric: { namespace, metricName, dimensions }, stat: statistic },
    returnData: false,
  };
}
