import type { ScalingPolicy, TargetTracking } from "./policy";

/** CloudWatch data of one minute. */
export interface Minute {
  /** Average CPU of running tasks in percent; undefined without tasks. */
  readonly cpu: number | undefined;
  /** Maximum of waiting messages. */
  readonly waiting: number;
  /** Number of tasks that reported CPU. */
  readonly tasks: number;
}

/** Input of the autoscaler. */
export interface Observation {
  /** Time in seconds. */
  readonly now: number;
  /** Current desired tasks. */
  readonly tasks: number;
  /** Visible minutes, oldest first. */
  readonly minutes: readonly Minute[];
}

/** Minutes above the target before scaling out, and below 90 % of it before scaling in. */
const OUT_MINUTES = 3;
const IN_MINUTES = 15;

/**
 * Application Auto Scaling as documented: every policy may add tasks in proportion to its metric; tasks are removed
 * only if all target tracking policies agree.
 */
export class Autoscaler {
  private lastOut = -Infinity;
  private lastStep = -Infinity;
  private lastIn = -Infinity;

  constructor(private readonly policy: ScalingPolicy) {}

  /** Desired number of tasks. */
  desired(observation: Observation): number {
    const wanted = Math.max(this.tracked(observation), this.stepped(observation));
    if (wanted > observation.tasks) return this.bounded(wanted);
    return this.bounded(this.shrunk(observation));
  }

  private tracked({ now, tasks, minutes }: Observation): number {
    const wanted = this.policy.tracking
      .filter(({ outCooldown }) => now - this.lastOut >= outCooldown)
      .map((one) => {
        const values = last(minutes, OUT_MINUTES, one);
        return values?.every((value) => value > one.target) === true ? proportional(tasks, values, one) : 0;
      });
    const most = Math.max(0, ...wanted);
    if (most > tasks) this.lastOut = now;
    return most;
  }

  private stepped({ now, tasks, minutes }: Observation): number {
    const { step } = this.policy;
    const waiting = minutes.at(-1)?.waiting ?? 0;
    if (step === undefined || waiting < step.threshold || now - this.lastStep < step.cooldown) return 0;
    const reached = step.steps.filter(({ above }) => waiting - step.threshold >= above).at(-1);
    if (reached === undefined) return 0;
    this.lastStep = now;
    return tasks + reached.add;
  }

  private shrunk({ now, tasks, minutes }: Observation): number {
    const { tracking } = this.policy;
    const wanted = tracking.map((one) => {
      const values = last(minutes, IN_MINUTES, one);
      const low = values?.every((value) => value < 0.9 * one.target) === true;
      return low && now - this.lastIn >= one.inCooldown ? proportional(tasks, values ?? [], one) : tasks;
    });
    const most = Math.max(...wanted);
    if (most < tasks) this.lastIn = now;
    return Math.min(most, tasks);
  }

  private bounded(tasks: number): number {
    return Math.min(this.policy.maximum, Math.max(this.policy.minimum, tasks));
  }
}

/** Values of a metric in the last minutes; undefined if one is missing. */
function last(minutes: readonly Minute[], count: number, { metric }: TargetTracking): number[] | undefined {
  if (minutes.length < count) return undefined;
  const values = minutes
    .slice(-count)
    .map(({ cpu, waiting, tasks }) => (metric === "cpu" ? cpu : waiting / Math.max(1, tasks)));
  return values.some((value) => value === undefined) ? undefined : (values as number[]);
}

function proportional(current: number, values: readonly number[], { target }: TargetTracking): number {
  return Math.ceil((current * (values.at(-1) ?? target)) / target);
}
