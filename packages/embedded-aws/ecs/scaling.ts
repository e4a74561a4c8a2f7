import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from "@aws-sdk/client-application-auto-scaling";
import type { AwsClientConfig } from "../client";

/** Parameters of a deployed backlog-per-task policy. */
export interface ScalingPolicy {
  readonly minimum: number;
  readonly maximum: number;
  /** Waiting messages per task. */
  readonly target: number;
  /** Cooldown in seconds. */
  readonly scaleOutCooldown: number;
  readonly scaleInCooldown: number;
  readonly queueName: string;
}

/** The backlog policy of a service; undefined without one. CPU policies are not emulated. */
export async function deployedScaling(
  config: AwsClientConfig,
  { cluster, service }: { readonly cluster: string; readonly service: string },
): Promise<ScalingPolicy | undefined> {
  const client = new ApplicationAutoScalingClient(config);
  const asked = { ServiceNamespace: "ecs" as const, ResourceIds: [`service/${cluster}/${service}`] };
  const { ScalableTargets: [bounds] = [] } = await client.send(new DescribeScalableTargetsCommand(asked));
  const { ScalingPolicies = [] } = await client.send(
    new DescribeScalingPoliciesCommand({ ServiceNamespace: "ecs", ResourceId: asked.ResourceIds[0] }),
  );
  for (const { TargetTrackingScalingPolicyConfiguration: tracking } of ScalingPolicies) {
    const metrics = tracking?.CustomizedMetricSpecification?.Metrics ?? [];
    const queue = metrics.find(({ MetricStat }) => MetricStat?.Metric?.Namespace === "AWS/SQS");
    const queueName = queue?.MetricStat?.Metric?.Dimensions?.find(({ Name }) => Name === "QueueName")?.Value;
    if (queueName === undefined || bounds === undefined) continue;
    return {
      minimum: bounds.MinCapacity ?? 1,
      maximum: bounds.MaxCapacity ?? 1,
      target: tracking?.TargetValue ?? 1,
      scaleOutCooldown: tracking?.ScaleOutCooldown ?? 300,
      scaleInCooldown: tracking?.ScaleInCooldown ?? 300,
      queueName,
    };
  }
  return undefined;
}

export interface Load {
  readonly waitingMessages: number;
  readonly runningTasks: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Target tracking, one evaluation at a time. */
export class TargetTracking {
  private lastChangeMs = -Infinity;

  constructor(private readonly policy: ScalingPolicy) {}

  /** Number of tasks that should run now. */
  desired({ waitingMessages, runningTasks, nowMs }: Load): number {
    const { minimum, maximum, target, scaleOutCooldown, scaleInCooldown } = this.policy;
    const bounded = Math.min(maximum, Math.max(minimum, Math.ceil(waitingMessages / target)));
    const cooldown = bounded > runningTasks ? scaleOutCooldown : scaleInCooldown;
    if (bounded === runningTasks || nowMs - this.lastChangeMs < cooldown * 1_000)
      return Math.max(minimum, Math.min(maximum, runningTasks));
    this.lastChangeMs = nowMs;
    return bounded;
  }
}
