import { FARGATE_MEMORY_MIB } from "@packages/aws-sizes/fargate";
import { type Duration, seconds } from "../../lib/duration";
import {
  duration,
  group,
  oneOf,
  rule,
  type Settings,
  text,
  trueOrFalse,
  wholeNumber,
} from "../../lib/schema";

export const logsSchema = group({
  /**
   * How long logs are kept, in days.
   * @cost 0.03 $ a GB and month.
   */
  retentionDays: oneOf<number>([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]),
});

export type LogSettings = Settings<typeof logsSchema>;

/** Settings of a function that may run for `longest`. */
export function functionSchema(longest: { readonly timeout: Duration; readonly why: string }) {
  return group({
    /**
     * Memory in MB; Lambda gives a whole processor at 1769.
     * @cost In proportion: a GB-second costs 0.0000133 $.
     */
    memory: wholeNumber({ least: 128, most: 10_240, unit: "MB" }),
    /** How long a call may take. */
    timeout: duration({ least: "1 second", most: longest.timeout, why: longest.why }),
    /**
     * Calls at once at most.
     * @default no limit but the account's
     * @risk They are taken from what other functions of the account can have.
     */
    concurrency: wholeNumber({ least: 1, most: 1_000 }).optional(),
  });
}

export type FunctionSettings = Settings<ReturnType<typeof functionSchema>>;

export const queueConsumerSchema = group({
  /** Messages in one event at most; more than 10 need a `batchingWindow`. */
  batchSize: wholeNumber({ least: 1, most: 10_000, unit: "messages" }),
  /** How long Lambda gathers messages for one event. */
  batchingWindow: duration({ least: "0 seconds", most: "5 minutes" }),
  /**
   * Events of this queue that the function handles at once.
   * @default as many as Lambda scales to
   */
  maxConcurrency: wholeNumber({ least: 2, most: 1_000, unit: "events at once" }).optional(),
}).check(
  rule(["batchSize", "batchingWindow"], ({ batchSize, batchingWindow }, reject) => {
    if (batchSize <= 10 || seconds(batchingWindow) >= 1) return;
    const why = `Lambda gathers a batchSize of ${batchSize}, more than 10, over time only`;
    reject("batchingWindow", batchingWindow, { allowed: '"1 second" or more', why });
  }),
);

/** How a function consumes a queue. Defaults: a `batchSize` of 10 and no `batchingWindow`. */
export type QueueConsumerSettings = Partial<Settings<typeof queueConsumerSchema>>;

export const processorSchema = group({
  /**
   * CPU units of a task: 1024 are one vCPU.
   * @cost 24 $ a month for 1024 units; about a third of it on spot.
   */
  cpu: oneOf([...FARGATE_MEMORY_MIB.keys()]),
  /**
   * Memory of a task, in MiB.
   * @cost 2.60 $ a month for 1024 MiB; about a third of it on spot.
   * @risk ffmpeg takes up to 400 MiB for a video of 1080 lines.
   */
  memory: wholeNumber({ least: 512, most: 122_880, unit: "MiB" }),
  /**
   * Disk for the video that is worked on, in GiB.
   * @cost The first 20 are free; 0.08 $ a month for each more.
   * @risk A video whose source and streams don't fit is refused.
   */
  diskGiB: wholeNumber({ least: 21, most: 200, unit: "GiB" }),
  /**
   * Tasks that always run.
   * @cost Each costs its CPU, memory and disk day and night.
   */
  minimumTasks: wholeNumber({ least: 1, most: 10, unit: "tasks" }),
  /**
   * Tasks that run at most.
   * @risk Uploads beyond what they can process wait.
   */
  maximumTasks: wholeNumber({ least: 1, most: 100, unit: "tasks" }),
  /** Mean CPU that the autoscaler keeps, in percent. */
  cpuTarget: wholeNumber({ least: 10, most: 90, unit: "percent" }),
  /** Waiting messages for each task that the autoscaler keeps. */
  backlogTarget: wholeNumber({ least: 1, most: 1_000, unit: "messages" }),
  /** How long the autoscaler waits between two changes. */
  cooldown: duration({ least: "10 seconds", most: "1 hour" }),
  /**
   * Spare capacity of Fargate.
   * @cost About a third of the price.
   * @risk AWS takes it back at two minutes' notice: the video goes back to the queue.
   */
  spot: trueOrFalse(),
  /**
   * Metrics of each task.
   * @cost About a dollar a month and task.
   */
  containerInsights: trueOrFalse(),
  /**
   * Tag of the processor's image in its repository.
   * @risk Tags are never overwritten; without an image of the tag the service does not come up.
   */
  imageTag: text({
    pattern: /^[\w][\w.-]{0,127}$/,
    allowed: "an image tag of up to 128 letters, digits, dots, hyphens and underscores",
  }),
}).check(
  rule(["cpu", "memory"], ({ cpu, memory }, reject) => {
    const offered = FARGATE_MEMORY_MIB.get(cpu) ?? [];
    if (offered.includes(memory)) return;
    reject("memory", memory, {
      allowed: `one of ${offered.join(", ")} MiB`,
      why: `Fargate offers no other with processor.cpu ${cpu}`,
    });
  }),
  rule(["minimumTasks", "maximumTasks"], ({ minimumTasks, maximumTasks }, reject) => {
    if (maximumTasks >= minimumTasks) return;
    reject("maximumTasks", maximumTasks, {
      allowed: `a whole number from ${minimumTasks} to 100 tasks`,
      why: `processor.minimumTasks is ${minimumTasks}`,
    });
  }),
);

export type ProcessorSettings = Settings<typeof processorSchema>;
