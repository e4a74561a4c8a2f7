import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Processing, startProcessing, stopProcessing, uploads } from "../../harness/processing";
import type { ProcessorRun } from "../../harness/processor";
import { until } from "@packages/cli-kit/wait-until";
import type { ReasonKind } from "../redrive/reason-kinds";
import { type RedriveOptions, runRedrive } from "../redrive/run";
import { reasonFilter } from "../redrive/select";
import { FailingProcessors, LOG_GROUP } from "./failing-processors";
import { type Drill, type DrillResult, type Objectives, type Scene, since } from "./result";
import { stepsTo } from "./drill-steps";
import { faults, statuses } from "./check-videos";

/** Messages are retained for 14 days; a video is ready within an hour of the decision. */
const OBJECTIVES: Objectives = { rpoSeconds: 0, rtoSeconds: 3_600 };

export interface DeadLettersDrillOptions {
  readonly folder: string;
  /** Number of videos per failure. */
  readonly videos: number;
  readonly tell: (line: string) => void;
}

interface Stage extends Pick<DeadLettersDrillOptions, "folder" | "tell"> {
  readonly processing: Processing;
  readonly processors: FailingProcessors;
}

interface Chosen {
  readonly action: RedriveOptions["action"];
  readonly kind: ReasonKind;
  readonly reason?: string;
}

/**
 * Makes the processor fail in two ways until all messages are dead letters, repairs it, and redrives each group by its
 * reason until the videos are ready. A message that is not an S3 event stays and is finally discarded.
 */
export async function deadLettersDrill(options: DeadLettersDrillOptions): Promise<DrillResult> {
  const { folder, videos, tell } = options;
  mkdirSync(folder, { recursive: true });
  const processing = await startProcessing();
  const processors = new FailingProcessors(processing);
  const stage = { processing, processors, folder, tell };
  try {
    await processors.prepare();
    const unprobed = await processors.withoutProbe(videos);
    const starved = await processors.withoutStreams(videos);
    const noEvent = await processors.noEvent();
    tell(
      `dead letters: ${unprobed.length} without ffprobe, ${starved.length} without a bucket, 1 that is not an event`,
    );
    const run = await processors.start();
    try {
      const scenes = [
        await redriveToReady(stage, {
          what: "out of attempts, ffprobe could not be loaded",
          ids: unprobed,
          selection: { kind: "attempts", reason: "ffprobe can't be started" },
        }),
        await redriveToReady(stage, {
          what: "out of attempts, their bucket was gone",
          ids: starved,
          selection: { kind: "attempts" },
        }),
        await discardUnreadable(stage, { noEvent, run }),
      ];
      return {
        title: "Dead letters",
        unit: "videos",
        objectives: OBJECTIVES,
        setup: `The processor with ffmpeg, PostgreSQL and a queue: ${2 * videos} videos and one message that is not an S3 event.`,
        scenes,
        meaning: "Compared are the status of each redriven video and the files in its playlists.",
      };
    } finally {
      await run.process.stop();
    }
  } finally {
    processors.client.destroy();
    await stopProcessing(processing);
    rmSync(folder, { recursive: true, force: true });
  }
}

export const deadLetters: Drill = { run: (folder, tell) => deadLettersDrill({ folder, tell, videos: 5 }) };

/** Runs the redrive command on selected letters; returns the number of moved messages. */
async function runOn(
  { processing, processors, folder, tell }: Stage,
  { action, kind, reason }: Chosen,
): Promise<number> {
  const { sqs, queueUrl, deadLettersUrl } = processing;
  const steps = stepsTo(tell);
  const { done, failed } = await runRedrive({
    queues: { sqs, mediaQueueUrl: queueUrl, deadLettersUrl },
    logs: processors.client,
    logGroup: LOG_GROUP,
    uploadsBucket: uploads,
    steps,
    folder,
    options: { action, selection: { kind, matches: reasonFilter(reason) }, dryRun: false },
    confirmation: { yes: true, ask: undefined },
    name: "drill",
  });
  steps.end();
  if (failed[0] !== undefined) throw new Error(failed[0].why);
  return done.length;
}

interface FailedVideos {
  /** Description of the failure. */
  readonly what: string;
  /** Ids of the media. */
  readonly ids: readonly string[];
  readonly selection: Omit<Chosen, "action">;
}

async function redriveToReady(stage: Stage, { what, ids, selection }: FailedVideos): Promise<Scene> {
  const { processing, processors } = stage;
  const others = (await processors.waiting()).dead - ids.length;
  const began = Date.now();
  const moved = await runOn(stage, { action: "redrive", ...selection });
  const wanted = async (): Promise<boolean> =>
    (await statuses(processing, ids)).every((one) => one.status === "ready");
  await until(`${ids.length} videos are ready`, wanted, { timeoutSeconds: 180 }).catch(() => undefined);
  const rtoSeconds = since(began);
  const { dead } = await processors.waiting();
  const differences = [
    ...(moved === ids.length ? [] : [`${moved} messages were redriven for ${ids.length} videos`]),
    ...(dead === others ? [] : [`${dead} dead letters are left, expected ${others}`]),
    ...(await faults(processing, ids)),
  ];
  const rpoSeconds = differences.length === 0 ? 0 : since(began);
  return { what: `${what}; redriven to ready`, compared: ids.length, differences, rpoSeconds, rtoSeconds };
}

/**
 * A message that the processor can't parse: after a redrive it is a dead letter again; after a discard it is saved to a
 * file.
 */
async function discardUnreadable(
  stage: Stage,
  { noEvent, run }: { readonly noEvent: string; readonly run: ProcessorRun },
): Promise<Scene> {
  const { processors, folder } = stage;
  const began = Date.now();
  await runOn(stage, { action: "redrive", kind: "unreadable" });
  const back = async (): Promise<boolean> => (await processors.waiting()).dead === 1;
  await until("the message that is not an event is a dead letter again", back, { timeoutSeconds: 180 });
  await processors.ship(run);
  const discarded = await runOn(stage, { action: "discard", kind: "unreadable", reason: "not an S3 event" });
  const rtoSeconds = since(began);
  const file = readdirSync(folder).find((name) => name.includes("discard")) ?? "";
  const kept = file !== "" && readFileSync(join(folder, file), "utf8").includes(noEvent);
  const differences = [
    ...(discarded === 1 ? [] : [`${discarded} messages were discarded`]),
    ...(kept ? [] : ["the discarded message is not in a file"]),
  ];
  const rpoSeconds = differences.length === 0 ? 0 : since(began);
  return {
    what: "not an S3 event: rejected again, then discarded to a file",
    compared: 1,
    differences,
    rpoSeconds,
    rtoSeconds,
  };
}
