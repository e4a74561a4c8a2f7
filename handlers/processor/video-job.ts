import { randomUUID } from "node:crypto";
import {
  INTERRUPTED_REASON,
  LeaseLostError,
  NOT_PROCESSED_REASON,
  UnprocessableVideoError,
  ShutdownError,
} from "./errors";
import { Heartbeat } from "./heartbeat";
import type { SourceVersion } from "./message";
import { busyRetrySeconds, completed, skip, type Outcome, retryDelaySeconds, retryAfter } from "./outcome";
import type { Lease, Log, Message, Objects, Processed, ProgressBoard, Statuses } from "./ports";
import { ProgressReport } from "./progress";

/** How a version becomes a stream; rejects as `processVideo` does. */
export type Process = (version: SourceVersion, run: ProcessRun) => Promise<Processed>;

export interface ProcessRun {
  readonly sizeBytes: number;
  readonly signal: AbortSignal;
  readonly report: (percent: number) => void;
  readonly confirm: () => Promise<void>;
}

export interface VideoJobOptions {
  readonly statuses: Statuses;
  readonly objects: Pick<Objects, "head">;
  readonly board: ProgressBoard;
  readonly process: Process;
  /** Runs a piece of work as part of the trace that the header tells of. */
  readonly traced: <Result>(
    header: string | undefined,
    id: string,
    work: () => Promise<Result>,
  ) => Promise<Result>;
  /** Told after each change of a media. */
  readonly changed: (id: string) => Promise<void>;
  /** Told of a video that is ready, in milliseconds: how long it took, and how long ago its upload had arrived. */
  readonly measured: (processing: number, sinceUpload: number | undefined) => void;
  readonly log: Log;
  /** How long a lease lasts, in seconds, when it is not renewed. */
  readonly leaseSeconds: number;
  /** Receives after which the queue puts a message to the dead letters. */
  readonly maxReceives: number;
}

/** Does what a message asks for with one version of one media, and says what becomes of the message. */
export class VideoJob {
  constructor(private readonly to: VideoJobOptions) {}

  /** Rejects only when nothing could be found out; the signal's reason says why the work must end. */
  async run(version: SourceVersion, message: Message, signal: AbortSignal): Promise<Outcome> {
    const { statuses, log, leaseSeconds } = this.to;
    const lease = { id: version.id, owner: randomUUID() };
    const about = { mediaId: version.id, version: version.version, messageId: message.id };
    const claim = await statuses.claim(version, message.id, lease, leaseSeconds);
    if (claim.kind === "claimed") return this.runClaimed(version, message, lease, signal);
    log.info("nothing to do", { ...about, claim: claim.kind });
    if (claim.kind !== "busy") return completed;
    // The one who had this message may be dead: then the lease ends, and the next receive takes over.
    if (claim.sameMessage) return retryAfter(Math.ceil(claim.seconds) + 1);
    return retryAfter(busyRetrySeconds(claim.seconds, leaseSeconds, message.receives));
  }

  private async runClaimed(
    version: SourceVersion,
    message: Message,
    lease: Lease,
    stopping: AbortSignal,
  ): Promise<Outcome> {
    const { statuses, board, changed, log, leaseSeconds } = this.to;
    const about = { mediaId: version.id, version: version.version, messageId: message.id };
    const lost = new AbortController();
    const keep = (held: boolean): void => {
      if (!held) lost.abort(new LeaseLostError("the lease is another's"));
    };
    const renew = async (): Promise<void> => keep(await statuses.renew(lease, leaseSeconds));
    const confirm = async (): Promise<void> => {
      keep(await statuses.confirm(lease, leaseSeconds));
      lost.signal.throwIfAborted();
    };
    const signal = AbortSignal.any([stopping, lost.signal]);
    const report = new ProgressReport(board, version.id);
    const heartbeat = new Heartbeat(leaseSeconds / 3, renew, (error) =>
      log.warn("the lease could not be renewed", { ...about, error }),
    );
    const started = performance.now();
    try {
      report.at(0);
      await changed(version.id);
      const processed = await this.process(version, message, { signal, confirm, report: report.at });
      if (!(await statuses.ready(lease, processed))) throw new LeaseLostError("the lease is another's");
      await heartbeat.stop();
    } catch (thrown) {
      // Stopped first, or it would renew a lease that has been given back.
      await heartbeat.stop();
      // What is interrupted fails in many ways, and for one reason.
      return this.handleFailure(signal.aborted ? signal.reason : thrown, lease, message, report);
    }
    const milliseconds = Math.round(performance.now() - started);
    // Another machine's clock may be ahead of ours.
    const since = version.arrived === undefined ? undefined : Math.max(0, Date.now() - version.arrived);
    this.to.measured(milliseconds, since);
    log.info("ready", { ...about, milliseconds, sinceUpload: since });
    await Promise.all([report.end("ready"), changed(version.id)]);
    return completed;
  }

  private async process(
    version: SourceVersion,
    { trace }: Message,
    run: Omit<ProcessRun, "sizeBytes">,
  ): Promise<Processed> {
    const head = await this.to.objects.head(version);
    return this.to.traced(trace ?? head?.trace, version.id, () => {
      if (head === undefined) throw new UnprocessableVideoError("The uploaded file is not there any more.");
      return this.to.process(version, { ...run, sizeBytes: head.sizeBytes });
    });
  }

  private async handleFailure(
    error: unknown,
    lease: Lease,
    message: Message,
    report: ProgressReport,
  ): Promise<Outcome> {
    const { statuses, changed, log } = this.to;
    const about = { mediaId: lease.id, messageId: message.id, receives: message.receives };
    if (error instanceof LeaseLostError) {
      log.warn("another processor has the media now", about);
      return skip;
    }
    if (error instanceof UnprocessableVideoError) {
      if (!(await statuses.failed(lease, error.message))) return skip;
      log.warn("failed", { ...about, reason: error.message, cause: error.cause });
      await Promise.all([report.end("failed", error.message), changed(lease.id)]);
      return completed;
    }
    const stopping = error instanceof ShutdownError;
    if (stopping) log.info("handed back", about);
    else log.error("not processed this time", { ...about, error });
    if (message.receives < this.to.maxReceives) {
      await statuses.release(lease);
      return retryAfter(stopping ? 0 : retryDelaySeconds(message.receives));
    }
    // Nobody receives it any more: this is the end, and it can be put back from the dead letters.
    const reason = stopping ? INTERRUPTED_REASON : NOT_PROCESSED_REASON;
    if (!(await statuses.givenUp(lease, reason))) return skip;
    await Promise.all([report.end("failed", reason), changed(lease.id)]);
    return retryAfter(0);
  }
}
