import { Autoscaler, type Minute } from "./autoscaler";
import type { ScalingPolicy } from "./policy";
import { logNormal, seeded } from "./random";

/** Conditions that are independent of the policy. */
export interface World {
  readonly seed: number;
  /** Duration in seconds. */
  readonly seconds: number;
  /** Sorted arrival times in seconds. */
  readonly arrivals: readonly number[];
  /** Processing time of a video in seconds: mean and sigma of a log-normal distribution. */
  readonly service: { readonly mean: number; readonly sigma: number };
  /** Concurrent videos per task. */
  readonly slots: number;
  /** CPU of a fully used task in percent. */
  readonly busyCpu: number;
  /** Seconds from scaling out until a task takes its first video: image, start, first poll. */
  readonly startup: number;
  /** Seconds until a minute's metrics are visible. */
  readonly metricDelay: number;
}

export interface Outcome {
  /** Minutes in which a video had waited for more than a minute. */
  readonly late: number;
  /** Paid task-hours, from scaling out to the end. */
  readonly taskHours: number;
  /** Number of processed videos. */
  readonly done: number;
  readonly mostTasks: number;
}

interface Task {
  readonly ready: number;
  /** Arrival and completion time of each used slot's video. */
  work: { readonly arrived: number; readonly until: number }[];
}

/** Simulates a policy second by second; deterministic. */
export function simulate(world: World, policy: ScalingPolicy): Outcome {
  return new Simulation(world, policy).run();
}

class Simulation {
  private readonly random: () => number;
  private readonly service: () => number;
  private readonly autoscaler: Autoscaler;
  private readonly waiting: number[] = [];
  /** Index of the first waiting video; shift() of a long array is slow. */
  private first = 0;
  private tasks: Task[] = [];
  private wanted: number;
  private readonly minutes: (Minute & { readonly seen: number })[] = [];
  private busy = 0;
  private running = 0;
  private mostWaiting = 0;
  private outcome = { late: 0, taskSeconds: 0, done: 0, mostTasks: 0 };

  constructor(
    private readonly world: World,
    policy: ScalingPolicy,
  ) {
    this.random = seeded(world.seed);
    this.service = logNormal(seeded(world.seed + 1), world.service.mean, world.service.sigma);
    this.autoscaler = new Autoscaler(policy);
    this.wanted = policy.minimum;
    this.tasks = Array.from({ length: policy.minimum }, () => ({ ready: 0, work: [] }));
  }

  run(): Outcome {
    const { seconds, arrivals } = this.world;
    for (let now = 0, next = 0; now < seconds; now++) {
      while ((arrivals[next] ?? Infinity) <= now) this.waiting.push(arrivals[next++] as number);
      this.work(now);
      this.measure(now);
      if (now % 60 === 59) this.scale(now);
    }
    const { late, taskSeconds, done, mostTasks } = this.outcome;
    return { late: late / 60, taskHours: taskSeconds / 3_600, done, mostTasks };
  }

  private work(now: number): void {
    for (const task of this.tasks) {
      if (task.ready > now) continue;
      const left = task.work.filter(({ until }) => until > now);
      this.outcome.done += task.work.length - left.length;
      task.work = left;
      while (left.length < this.world.slots && this.first < this.waiting.length) {
        left.push({ arrived: this.waiting[this.first++] as number, until: now + this.service() });
      }
    }
  }

  private measure(now: number): void {
    const ready = this.tasks.filter((task) => task.ready <= now);
    this.running += ready.length;
    this.busy += ready.reduce((sum, { work }) => sum + work.length / this.world.slots, 0);
    this.mostWaiting = Math.max(this.mostWaiting, this.waiting.length - this.first);
    if (now - (this.waiting[this.first] ?? now) > 60) this.outcome.late++;
    this.outcome.taskSeconds += this.tasks.length;
    this.outcome.mostTasks = Math.max(this.outcome.mostTasks, this.tasks.length);
  }

  private scale(now: number): void {
    const { busyCpu, metricDelay, startup } = this.world;
    this.minutes.push({
      cpu: this.running === 0 ? undefined : (busyCpu * this.busy) / this.running,
      waiting: this.mostWaiting,
      tasks: Math.round(this.running / 60),
      seen: now + metricDelay,
    });
    [this.busy, this.running, this.mostWaiting] = [0, 0, 0];
    const seen = this.minutes.filter((minute) => minute.seen <= now).slice(-15);
    this.wanted = this.autoscaler.desired({ now, tasks: this.wanted, minutes: seen });
    while (this.tasks.length < this.wanted) this.tasks.push({ ready: now + 1 + startup, work: [] });
    while (this.tasks.length > this.wanted) this.stop();
  }

  /** Stops a task; its videos return to the queue and start over. */
  private stop(): void {
    const [task] = this.tasks.splice(Math.floor(this.random() * this.tasks.length), 1);
    for (const { arrived } of task?.work ?? []) this.waiting[--this.first] = arrived;
  }
}
