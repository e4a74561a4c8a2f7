import { FARGATE_MEMORY_MIB } from "@packages/aws-sizes/fargate";
import { type Duration, seconds } from "../../lib/duration";
import { duration, group, oneOf, rule, type Settings, trueOrFalse, wholeNumber } from "../../lib/schema";

export const logsSchema = group({
  /**
   * Retention of logs, in days.
   * @cost $0.03 per GB-month.
   */
  retentionDays: oneOf<number>([
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ]),
});

export type LogSettings = Settings<typeof logsSchema>;

/** Schema of a Lambda function; `longest` limits its timeout. */
export function functionSchema(longest: { readonly timeout: Duration; readonly why: string }) {
  return group({
    /**
     * Memory in MB; 1769 MB come with one vCPU.
     * @cost Proportional: $0.0000133 per GB-second.
     */
    memory: wholeNumber({ least: 128, most: 10_240, unit: "MB" }),
    /** Timeout of a call. */
    timeout: duration({ least: "1 second", most: longest.timeout, why: longest.why }),
    /**
     * Reserved concurrency: maximum concurrent calls.
     * @default the account's limit
     * @risk Other functions of the account can't use this concurrency.
     */
    concurrency: wholeNumber({ least: 1, most: 1_000 }).optional(),
  });
}

export type FunctionSettings = Settings<ReturnType<typeof functionSchema>>;

export const queueConsumerSchema = group({
  /** Maximum messages per event; more than 10 require a `batchingWindow`. */
  batchSize: wholeNumber({ least: 1, most: 10_000, unit: "messages" }),
  /** Maximum time that Lambda collects messages for one event. */
  batchingWindow: duration({ least: "0 seconds", most: "5 minutes" }),
  /**
   * Maximum concurrent events of this queue.
   * @default Lambda's scaling
   */
  maxConcurrency: wholeNumber({ least: 2, most: 1_000, unit: "concurrent events" }).optional(),
}).check(
  rule(
    ["batchSize", "batchingWindow"],
    "A `batchSize` above 10 needs a `batchingWindow`.",
    ({ batchSize, batchingWindow }, reject) => {
      if (batchSize <= 10 || seconds(batchingWindow) >= 1) return;
      const why = `Lambda requires a batching window for a batchSize above 10, got ${batchSize}`;
      reject("batchingWindow", batchingWindow, { allowed: '"1 second" or more', why });
    },
  ),
);

/** Settings of a function's queue consumer. Defaults: `batchSize` 10, no `batchingWindow`. */
export type QueueConsumerSettings = Partial<Settings<typeof queueConsumerSchema>>;

/** Least memory of a task that makes AV1, in MiB. */
const AV1_LEAST_MIB = 4_096;

export const processorSchema = group({
  /**
   * CPU units of a task; 1024 are one vCPU.
   * @cost $24 per month for 1024 units; about a third with spot.
   */
  cpu: oneOf([...FARGATE_MEMORY_MIB.keys()]),
  /**
   * Memory of a task, in MiB.
   * @cost $2.60 per month for 1024 MiB; about a third with spot.
   * @risk ffmpeg uses up to 510 MiB for a 1080-line video.
   */
  memory: wholeNumber({ least: 512, most: 122_880, unit: "MiB" }),
  /**
   * Disk of a task, in GiB, for the video being processed.
   * @cost 20 GiB are free; $0.08 per month for each GiB above.
   * @risk The API refuses sources above (diskGiB − 1) / 2 GiB, rounded down to whole GiB, because the streams must fit too.
   * Very long videos get lower bit rates, if the streams would not fit otherwise.
   */
  diskGiB: wholeNumber({ least: 21, most: 200, unit: "GiB" }),
  /**
   * Minimum number of tasks.
   * @cost Each task costs its CPU, memory and disk all the time.
   */
  minimumTasks: wholeNumber({ least: 1, most: 10, unit: "tasks" }),
  /**
   * Maximum number of tasks.
   * @risk Uploads wait if they exceed what these tasks can process.
   */
  maximumTasks: wholeNumber({ least: 1, most: 100, unit: "tasks" }),
  /** Average CPU utilization that the autoscaler aims at, in percent. */
  cpuTarget: wholeNumber({ least: 10, most: 90, unit: "percent" }),
  /** Waiting messages per task that the autoscaler aims at. */
  backlogTarget: wholeNumber({ least: 1, most: 1_000, unit: "messages" }),
  /** Minimum time between two scaling actions. */
  cooldown: duration({ least: "10 seconds", most: "1 hour" }),
  /**
   * Fargate Spot.
   * @cost About a third of the on-demand price.
   * @risk AWS can stop a task with two minutes' notice; its video returns to the queue.
   */
  spot: trueOrFalse(),
  /**
   * Container Insights metrics.
   * @cost About $1 per month and task.
   */
  containerInsights: trueOrFalse(),
  /**
   * Speed of the H.264 encoder at the same constant quality. Slower presets lose less of the picture, and do not always make
   * smaller streams; docs/performance.md compares some of them.
   * @default veryfast
   * @cost `medium` takes more than twice the CPU time of `veryfast`.
   */
  preset: oneOf([
    "ultrafast",
    "superfast",
    "veryfast",
    "faster",
    "fast",
    "medium",
    "slow",
    "slower",
  ]).optional(),
  /**
   * Loudness of all sounds, in LUFS, as EBU R 128 defines it: −14 and −16 are usual on the web. Videos that were
   * processed before keep their sound.
   * @default as in the source
   */
  loudness: wholeNumber({ least: -31, most: -9, unit: "LUFS" }).optional(),
  /**
   * Whether all sizes are also made in AV1, which needs less bandwidth: about half in docs/performance.md. Browsers that
   * play AV1 take it, others H.264.
   * @default false
   * @cost Processing takes almost three times the CPU time; streams take about half more storage.
   */
  av1: trueOrFalse().optional(),
  /**
   * Whether viewers can download a video as MP4, in its largest size. Videos that were processed before have no
   * download.
   * @default false
   * @cost About half as much storage again, and the traffic of the downloads.
   */
  downloads: trueOrFalse().optional(),
}).check(
  rule(
    ["av1", "memory"],
    "With `processor.av1`, `processor.memory` is at least 4096 MiB.",
    ({ av1, memory }, reject) => {
      if (av1 !== true || memory >= AV1_LEAST_MIB) return;
      reject("memory", memory, {
        allowed: `at least ${AV1_LEAST_MIB} MiB with processor.av1`,
        why: "the AV1 encoder needs about 2 GiB for a 1080-line video",
      });
    },
  ),
  rule(
    ["cpu", "memory"],
    "`processor.memory` is a size that Fargate offers with `processor.cpu`.",
    ({ cpu, memory }, reject) => {
      const offered = FARGATE_MEMORY_MIB.get(cpu) ?? [];
      if (offered.includes(memory)) return;
      reject("memory", memory, {
        allowed: `one of ${offered.join(", ")} MiB`,
        why: `Fargate offers only these with processor.cpu ${cpu}`,
      });
    },
  ),
  rule(
    ["minimumTasks", "maximumTasks"],
    "`processor.maximumTasks` is at least `processor.minimumTasks`.",
    ({ minimumTasks, maximumTasks }, reject) => {
      if (maximumTasks >= minimumTasks) return;
      reject("maximumTasks", maximumTasks, {
        allowed: `a whole number from ${minimumTasks} to 100 tasks`,
        why: `processor.minimumTasks is ${minimumTasks}`,
      });
    },
  ),
);

export type ProcessorSettings = Settings<typeof processorSchema>;
