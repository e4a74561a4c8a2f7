import type { Attributes, Stack } from "@packages/terraform/synthesized-stack";

/** A target tracking policy of Application Auto Scaling. */
export interface TargetTracking {
  /** Average CPU of tasks in percent, or waiting messages per task. */
  readonly metric: "cpu" | "backlog";
  readonly target: number;
  /** Cooldown in seconds. */
  readonly outCooldown: number;
  readonly inCooldown: number;
}

/** A step scaling policy that adds tasks after one minute above the threshold. */
export interface StepScaling {
  readonly threshold: number;
  /** Steps in order: tasks to add from a number of messages above the threshold. */
  readonly steps: readonly { readonly above: number; readonly add: number }[];
  /** Cooldown in seconds. */
  readonly cooldown: number;
}

export interface ScalingPolicy {
  readonly minimum: number;
  readonly maximum: number;
  readonly tracking: readonly TargetTracking[];
  readonly step?: StepScaling | undefined;
}

/** The first design's policy: CPU only. */
export const FIRST_DESIGN: ScalingPolicy = {
  minimum: 1,
  maximum: 10,
  tracking: [{ metric: "cpu", target: 70, outCooldown: 60, inCooldown: 60 }],
};

/** The scaling policy of a synthesized stack's processor. Throws if there is none. */
export function deployedPolicy(stack: Stack): ScalingPolicy {
  const [target] = stack.attributesOf("aws_appautoscaling_target").map(([, one]) => one);
  if (target === undefined) throw new Error(`${stack.name} has no aws_appautoscaling_target`);
  const policies = stack.attributesOf("aws_appautoscaling_policy").map(([, one]) => one);
  const tracking = policies.flatMap(({ target_tracking_scaling_policy_configuration: one }) =>
    one === undefined ? [] : [tracked(one as Attributes)],
  );
  const [step] = policies.flatMap(({ step_scaling_policy_configuration: one }) =>
    one === undefined ? [] : [stepped(one as Attributes, stack)],
  );
  return {
    minimum: Number(target.min_capacity),
    maximum: Number(target.max_capacity),
    tracking,
    step,
  };
}

function tracked(configuration: Attributes): TargetTracking {
  return {
    metric: configuration.predefined_metric_specification === undefined ? "backlog" : "cpu",
    target: Number(configuration.target_value),
    outCooldown: Number(configuration.scale_out_cooldown),
    inCooldown: Number(configuration.scale_in_cooldown),
  };
}

function stepped(configuration: Attributes, stack: Stack): StepScaling {
  const [alarm] = stack
    .attributesOf("aws_cloudwatch_metric_alarm")
    .map(([, one]) => one)
    .filter(({ alarm_actions: actions }) =>
      JSON.stringify(actions ?? []).includes("aws_appautoscaling_policy"),
    );
  if (alarm === undefined) throw new Error(`no alarm of ${stack.name} triggers its step scaling policy`);
  return {
    threshold: Number(alarm.threshold),
    steps: (configuration.step_adjustment as Attributes[]).map((adjustment) => ({
      above: Number(adjustment.metric_interval_lower_bound),
      add: Number(adjustment.scaling_adjustment),
    })),
    cooldown: Number(configuration.cooldown),
  };
}
