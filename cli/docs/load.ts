import { partsOf } from "../../handlers/media/limits";
import { AUDIO_KILOBITS, SEGMENT_SECONDS } from "../../handlers/processor/ffmpeg-arguments";
import { av1LadderOf, ladderOf } from "../../handlers/processor/ladder";

/** Assumptions about each video and its viewers, in bytes and seconds unless a name says otherwise. */
export const ASSUMED = {
  /** Seconds of a video. */
  length: 300,
  width: 1_920,
  height: 1_080,
  /** Frames per second. */
  rate: 30,
  /** Bytes of a source: 8 Mbit/s. */
  source: 300_000_000,
  /**
   * Stored versions of an object, in S3 and in AWS Backup, which backs up all. Sources and streams are written once.
   * https://docs.aws.amazon.com/aws-backup/latest/devguide/s3-backups.html
   */
  versions: 1,
  /** Share of the ladder's maximum bit rate. Measured: 0.83 with test pictures, 1 with noise. */
  fill: 0.8,
  /**
   * vCPU seconds per second of video: whole ladder, preset veryfast, one thread. Measured on an AMD EPYC with 1080-line
   * test pictures: 1.4, with noise 1.5. Assumed to be the same on Arm.
   */
  transcode: 1.5,
  /** Average CPU utilization of a task: the scaling target. */
  busy: 0.7,
  /** Views of each video, all in its first month. */
  views: 100,
  /** Seconds watched per view, at `watchedHeight`. */
  watched: 180,
  watchedHeight: 720,
  /** Share of requests that CloudFront forwards to S3. */
  missed: 0.1,
  /**
   * Share of requests to S3 that become a request to KMS with bucket keys, which make up to 99 % fewer.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
   */
  keyRequests: 0.01,
  /** Months of videos that are stored: nothing is deleted. */
  kept: 12,
  /** API calls per view (list, media, playback) and per video (multipart upload, progress). */
  callsPerView: 3,
  callsPerVideo: 20,
  /** Billed seconds per call, regardless of the function's memory. */
  call: 0.02,
  /** SQS requests per video: send, receive, extend, delete. */
  queueRequests: 10,
  /** Bytes of a video's database row with its indexes. */
  row: 4_000,
  /** Bytes of a log line: Lambda's own, ours, or CloudFront's. */
  logLine: 400,
  /** One synthetic check: seconds and memory of its function, and its requests. Not measured on AWS. */
  check: { seconds: 20, memoryMiB: 256, apiCalls: 15, edgeRequests: 25, writes: 20, webAcls: 2 },
} as const;

/** What is made of a video in addition to its H.264 stream. */
export interface Extras {
  /** An MP4 of the largest size, whose packets are copied. */
  readonly downloads: boolean;
  /** All sizes in AV1 too. */
  readonly av1: boolean;
}

/** Bytes and requests of one video and its views in its first month. */
export interface VideoLoad {
  readonly sourceBytes: number;
  /** Stream, AV1 and MP4. */
  readonly streamBytes: number;
  /** Number of objects of source and stream. */
  readonly objects: number;
  /** Requests that write these objects. */
  readonly writes: number;
  readonly reads: number;
  readonly edgeBytes: number;
  readonly edgeRequests: number;
  readonly apiCalls: number;
  /** Without those of AV1. */
  readonly cpuSeconds: number;
}

/**
 * Load of a video, from the processor's real ladder and segment length. Throws if the ladder lacks the watched height.
 */
export function loadOfVideo(
  { downloads, av1 }: Extras = { downloads: false, av1: false },
  assumed: typeof ASSUMED = ASSUMED,
): VideoLoad {
  const { length, fill, watched, views } = assumed;
  const h264 = ladderOf(assumed);
  const ladder = av1 ? [...h264, ...av1LadderOf(h264)] : h264;
  const bytes = (kilobits: number, seconds: number): number => ((kilobits * 1_000) / 8) * seconds * fill;
  const seen = h264.find(({ height }) => height === assumed.watchedHeight)?.kilobits;
  if (seen === undefined) throw new Error(`the ladder has no rendition of ${assumed.watchedHeight} lines`);
  // Each rendition and the audio: segments, init segment, playlist. In addition the master playlist and two pictures.
  const files = (ladder.length + 1) * (Math.ceil(length / SEGMENT_SECONDS) + 2) + 3 + (downloads ? 1 : 0);
  const [largest] = h264;
  const copied = downloads && largest !== undefined ? largest.kilobits + AUDIO_KILOBITS : 0;
  // One rendition, the audio and the poster.
  const viewed = 2 * (Math.ceil(watched / SEGMENT_SECONDS) + 2) + 2;
  const apiCalls = views * assumed.callsPerView + assumed.callsPerVideo;
  return {
    sourceBytes: assumed.source,
    streamBytes: bytes(
      ladder.reduce((sum, { kilobits }) => sum + kilobits, AUDIO_KILOBITS + copied),
      length,
    ),
    objects: files + 1,
    writes: files + partsOf(assumed.source).length + 2,
    reads: 1 + views * viewed * assumed.missed,
    edgeBytes: views * bytes(seen + AUDIO_KILOBITS, watched),
    edgeRequests: views * viewed + apiCalls,
    apiCalls,
    cpuSeconds: length * assumed.transcode,
  };
}
