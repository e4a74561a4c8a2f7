import type { Check } from "../../lib/validation";
import type { Duration } from "../../lib/duration";

export interface ProcessorSettings {
  /** CPU units of a task: 1024 are one processor. */
  readonly cpu: number;
  /** Memory of a task, in MiB. */
  readonly memory: number;
  /** Disk for the video that is worked on, in GiB; the first 20 are free. */
  readonly diskGiB: number;
  readonly minimumTasks: number;
  readonly maximumTasks: number;
  /** Mean CPU that the autoscaler keeps, in percent. */
  readonly cpuTarget: number;
  /** Waiting messages for each task that the autoscaler keeps. */
  readonly backlogTarget: number;
  /** How long the autoscaler waits between two changes. */
  readonly cooldown: Duration;
  /** Spare capacity at about a third of the price, taken back at two minutes' notice. */
  readonly spot: boolean;
  /** Metrics of each task, at about a dollar a month and task. */
  readonly containerInsights: boolean;
  /** Tag of the processor's image in its repository; tags are never overwritten. */
  readonly imageTag: string;
}

/** Memory in MiB, from and to, that Fargate offers for so many CPU units. */
const FARGATE_MEMORY_MIB: Readonly<Record<number, readonly [number, number]>> = {
  256: [512, 2_048],
  512: [1_024, 4_096],
  1024: [2_048, 8_192],
  2048: [4_096, 16_384],
  4096: [8_192, 30_720],
  8192: [16_384, 61_440],
  16384: [32_768, 122_880],
};

export function checkProcessor(settings: ProcessorSettings, check: Check): void {
  const { cpu, memory, minimumTasks } = settings;
  check.oneOf("cpu", cpu, Object.keys(FARGATE_MEMORY_MIB).map(Number));
  const [least, most] = FARGATE_MEMORY_MIB[cpu] ?? [0, Infinity];
  const step = cpu === 256 ? 512 : 1_024;
  const offered = memory >= least && memory <= most && memory % step === 0;
  if (FARGATE_MEMORY_MIB[cpu] !== undefined && !offered) {
    check.reject("memory", memory, {
      allowed: `from ${least} to ${most} MiB in steps of ${step}`,
      why: `Fargate offers no other with cpu ${cpu}`,
    });
  }
  check.number("diskGiB", settings.diskGiB, { least: 21, most: 200, unit: "GiB" });
  check.number("minimumTasks", minimumTasks, { least: 1, most: 10, unit: "tasks" });
  check.number("maximumTasks", settings.maximumTasks, {
    least: Math.max(minimumTasks || 1, 1),
    most: 100,
    unit: "tasks",
  });
  check.number("cpuTarget", settings.cpuTarget, { least: 10, most: 90, unit: "percent" });
  check.number("backlogTarget", settings.backlogTarget, { least: 1, most: 1_000, unit: "messages" });
  check.duration("cooldown", settings.cooldown, { least: "10 seconds", most: "1 hour" });
  check.oneOf("spot", settings.spot, [true, false]);
  check.oneOf("containerInsights", settings.containerInsights, [true, false]);
  check.matches("imageTag", settings.imageTag, { pattern: /^[\w][\w.-]{0,127}$/, allowed: "an image tag" });
}
