import type { FailureCode } from "../media/failure-reasons";
import type { VideoTelemetry as VideoTelemetryPort, VideoTimes } from "../processor/ports";
import type { Measure } from "../runtime/metrics";
import { continued, traced } from "../runtime/trace";

/**
 * X-Ray subsegment `ProcessVideo`, and CloudWatch metrics `VideoProcessingTime`, `TimeToReady`, `RefusedShare` of all videos
 * and `RefusedVideos` by reason.
 */
export class VideoTelemetry implements VideoTelemetryPort {
  constructor(private readonly measure: Measure) {}

  trace<Result>(
    { id, traceHeader }: { readonly id: string; readonly traceHeader: string | undefined },
    work: () => Promise<Result>,
  ): Promise<Result> {
    return continued("streamflow-processor", traceHeader, () =>
      traced("ProcessVideo", async (trace) => {
        const started = performance.now();
        trace.annotate("videoId", id);
        return work().finally(() =>
          trace.describe("processingTime", Math.round(performance.now() - started)),
        );
      }),
    );
  }

  measureReady({ processingMs, sinceUploadMs }: VideoTimes): void {
    this.measure({ name: "VideoProcessingTime", value: processingMs, unit: "Milliseconds" });
    if (sinceUploadMs !== undefined)
      this.measure({ name: "TimeToReady", value: sinceUploadMs, unit: "Milliseconds" });
    this.measure({ name: "RefusedShare", value: 0, unit: "Percent" });
  }

  /** Counts media that a sweep found stranded: their event was lost, or they could not be ended. */
  readonly measureStranded = (count: number): void => {
    this.measure({ name: "StrandedMedia", value: count, unit: "Count" });
  };

  measureRefused(reason: FailureCode): void {
    this.measure({ name: "RefusedShare", value: 100, unit: "Percent" });
    this.measure({ name: "RefusedVideos", value: 1, unit: "Count", dimensions: { Reason: reason } });
  }
}
