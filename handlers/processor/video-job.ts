import { randomUUID } from "node:crypto";
import { failureReason } from "../media/failure-reasons";
import { LeaseLostError, ShutdownError, UnprocessableVideoError } from "./errors";
import { LeaseKeeper } from "./lease-keeper";
import type { SourceVersion } from "./message";
import { busyRetrySeconds, completed, type Outcome, retryAfter, retryDelaySeconds, skip } from "./outcome";
import type {
  Lease,
  Log,
  MediaChanges,
  Message,
  Objects,
  Processed,
  ProgressBoard,
  SourceHead,
  Statuses,
  VideoTelemetry,
} from "./ports";
import type { ProcessRun, VideoProcessor } from "./process-video";
import { ProgressReport } from "./progress";

export interface VideoJobOptions {
  readonly statuses: Statuses;
  readonly objects: Pick<Objects, "head">;
  readonly board: ProgressBoard;
  readonly processor: Pick<VideoProcessor, "process">;
  readonly telemetry: VideoTelemetry;
  readonly changes: MediaChanges;
  readonly log: Log;
  /** Duration of a lease without renewal, in seconds. */
  readonly leaseSeconds: number;
  /** Receives before a message moves to the dead-letter queue. */
  readonly maxReceives: number;
}

/** A version in a message, and the lease of its processing. */
interface ClaimedVideo {
  readonly version: SourceVersion;
  /** Undefined if the version no longer exists. */
  readonly head: SourceHead | undefined;
  readonly message: Message;
  readonly lease: Lease;
}

/**
 * Claims a version of a media, lets the `VideoProcessor` make its stream, records the result, and returns the message's
 * outcome.
 */
export class VideoJob {
  constructor(private readonly options: VideoJobOptions) {}

  /** Processes a version. Rejects only if the claim failed; the signal's reason says why work must end. */
  async run(version: SourceVersion, message: Message, signal: AbortSignal): Promise<Outcome> {
    const { statuses, log, leaseSeconds } = this.options;
    const { id: messageId, receives } = message;
    const lease = { id: version.id, owner: randomUUID() };
    const head = await this.options.objects.head(version);
    const claim = await statuses.claim({
      source: version,
      messageId,
      lease,
      missing: head === undefined,
      seconds: leaseSeconds,
    });
    if (claim.kind === "claimed") return this.runClaimed({ version, head, message, lease }, signal);
    const about = { mediaId: version.id, version: version.version, messageId };
    log.info("nothing to do", { ...about, claim: claim.kind });
    if (claim.kind !== "busy") return completed;
    // The previous processor of this message may be dead: its lease will expire, and the next receive takes over.
    if (claim.sameMessage) return retryAfter(Math.ceil(claim.seconds) + 1);
    return retryAfter(busyRetrySeconds({ remainingSeconds: claim.seconds, leaseSeconds, receives }));
  }

  private async runClaimed(video: ClaimedVideo, stopping: AbortSignal): Promise<Outcome> {
    const { version, message, lease } = video;
    const { statuses, board, changes, log, leaseSeconds } = this.options;
    const about = { mediaId: version.id, version: version.version, messageId: message.id };
    const report = new ProgressReport(board, version.id);
    const keeper = new LeaseKeeper({
      statuses,
      lease,
      seconds: leaseSeconds,
      onFailure: (error) => log.warn("the lease could not be renewed", { ...about, error }),
    });
    const signal = AbortSignal.any([stopping, keeper.lost]);
    const started = performance.now();
    try {
      report.at(0);
      await changes.changed(version.id);
      const confirm = (): Promise<void> => keeper.confirm();
      const processed = await this.process(video, { signal, confirm, report: report.at });
      if (!(await statuses.ready(lease, processed)))
        throw new LeaseLostError("another processor has the lease");
      await keeper.stop();
    } catch (thrown) {
      // Stopped first, otherwise it would renew a released lease.
      await keeper.stop();
      // Interrupted work fails with various errors, all with this reason.
      return this.handleFailure(signal.aborted ? signal.reason : thrown, video, report);
    }
    this.recordReady(video, Math.round(performance.now() - started));
    await Promise.all([report.end("ready"), changes.changed(version.id)]);
    return completed;
  }

  private async process(video: ClaimedVideo, run: Omit<ProcessRun, "sizeBytes">): Promise<Processed> {
    const { version, head, message } = video;
    const { processor, telemetry } = this.options;
    return telemetry.trace({ id: version.id, traceHeader: message.trace ?? head?.trace }, () => {
      if (head === undefined) throw new UnprocessableVideoError("gone");
      return processor.process(version, { ...run, sizeBytes: head.sizeBytes });
    });
  }

  private recordReady({ version, message }: ClaimedVideo, processingMs: number): void {
    const { telemetry, log } = this.options;
    // Clocks of machines may differ.
    const sinceUploadMs =
      version.arrived === undefined ? undefined : Math.max(0, Date.now() - version.arrived);
    telemetry.measureReady({ processingMs, sinceUploadMs });
    const about = { mediaId: version.id, version: version.version, messageId: message.id };
    log.info("ready", { ...about, milliseconds: processingMs, sinceUpload: sinceUploadMs });
  }

  private async handleFailure(
    error: unknown,
    { lease, message }: ClaimedVideo,
    report: ProgressReport,
  ): Promise<Outcome> {
    const { statuses, changes, log } = this.options;
    const about = { mediaId: lease.id, messageId: message.id, receives: message.receives };
    if (error instanceof LeaseLostError) {
      log.warn("another processor has taken over the media, or it is being removed", about);
      // Only has an effect on a media that is being removed: its removal waits for this.
      await statuses.release(lease);
      return skip;
    }
    if (error instanceof UnprocessableVideoError) {
      if (!(await statuses.failed(lease, error.message))) return skip;
      log.warn("failed", { ...about, code: error.code, reason: error.message, cause: error.cause });
      this.options.telemetry.measureRefused(error.code);
      await Promise.all([report.end("failed", error.message), changes.changed(lease.id)]);
      return completed;
    }
    const stopping = error instanceof ShutdownError;
    if (stopping) log.info("handed back", about);
    else log.error("processing attempt failed", { ...about, error });
    if (message.receives < this.options.maxReceives) {
      await statuses.release(lease);
      return retryAfter(stopping ? 0 : retryDelaySeconds(message.receives));
    }
    // The last receive: fail the media; its message can be redriven.
    const reason = failureReason(stopping ? "interrupted" : "notProcessed");
    if (!(await statuses.givenUp(lease, reason))) return skip;
    await Promise.all([report.end("failed", reason), changes.changed(lease.id)]);
    return retryAfter(0);
  }
}
