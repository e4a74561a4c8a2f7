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
import { toldSteps } from "./drill-steps";
import { faults, statuses } from "./check-videos";

/** A message is kept for 14 days, and a video is ready within an hour of the decision. */
const OBJECTIVES: Objectives = { rpoSeconds: 0, rtoSeconds: 3_600 };

export interface DeadLettersDrillOptions {
  readonly folder: string;
  /** Videos for each of the two failures. */
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
 * Lets the processor fail in two ways until everything is a dead letter, repairs it, and redrives what each failure
 * left, by its reason, until it is ready. A message that is no event of S3 stays, and is discarded in the end.
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
      `${unprobed.length} without ffprobe, ${starved.length} without a bucket, and 1 that is no event, are dead letters`,
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
        setup: `The processor with ffmpeg, PostgreSQL and a queue: ${2 * videos} videos and one message that is no event of S3.`,
        scenes,
        meaning: "A redriven video is compared by its status and by the files that its playlists name.",
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

/** Runs the command on the letters that are chosen; gives how many it moved. */
async function runOn(
  { processing, processors, folder, tell }: Stage,
  { action, kind, reason }: Chosen,
): Promise<number> {
  const { sqs, queueUrl, deadLettersUrl } = processing;
  const steps = toldSteps(tell);
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
  /** How they failed. */
  readonly what: string;
  /** Of their media. */
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
    ...(dead === others ? [] : [`${dead} dead letters are left, not ${others}`]),
    ...(await faults(processing, ids)),
  ];
  const rpoSeconds = differences.length === 0 ? 0 : since(began);
  return { what: `${what}; redriven to ready`, compared: ids.length, differences, rpoSeconds, rtoSeconds };
}

/** What the processor can't read: redriven it comes back, discarded it is kept in a file. */
async function discardUnreadable(
  stage: Stage,
  { noEvent, run }: { readonly noEvent: string; readonly run: ProcessorRun },
): Promise<Scene> {
  const { processors, folder } = stage;
  const began = Date.now();
  await runOn(stage, { action: "redrive", kind: "unreadable" });
  const back = async (): Promise<boolean> => (await processors.waiting()).dead === 1;
  await until("what is no event is a dead letter again", back, { timeoutSeconds: 180 });
  await processors.ship(run);
  const discarded = await runOn(stage, { action: "discard", kind: "unreadable", reason: "no event of S3" });
  const rtoSeconds = since(began);
  const file = readdirSync(folder).find((name) => name.includes("discard")) ?? "";
  const kept = file !== "" && readFileSync(join(folder, file), "utf8").includes(noEvent);
  const differences = [
    ...(discarded === 1 ? [] : [`${discarded} messages were discarded`]),
    ...(kept ? [] : ["what was discarded is in no file"]),
  ];
  const rpoSeconds = differences.length === 0 ? 0 : since(began);
  return {
    what: "no event of S3: refused again, then discarded into a file",
    compared: 1,
    differences,
    rpoSeconds,
    rtoSeconds,
  };
}
