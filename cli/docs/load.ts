import { partsOf } from "../../handlers/media/limits";
import { AUDIO_KILOBITS, SEGMENT_SECONDS } from "../../handlers/processor/ffmpeg-arguments";
import { ladderOf } from "../../handlers/processor/ladder";

/** What is assumed of every video, and of who watches it. Bytes and seconds, unless a name says otherwise. */
export const ASSUMED = {
  /** Seconds of a video. */
  length: 300,
  width: 1_920,
  height: 1_080,
  /** Bytes of a source: 8 Mbit/s. */
  source: 300_000_000,
  /** Of the most that the ladder may take. Measured with test pictures 0.83, with noise all of it. */
  fill: 0.8,
  /**
   * CPU seconds of a vCPU for each second of video: the whole ladder, preset veryfast, one thread. Measured on an AMD
   * EPYC with test pictures of 1080 lines: 1.4, and 1.5 with noise; taken to be the same on Arm.
   */
  transcode: 1.5,
  /** Share of a task that is at work: what scaling aims at. */
  busy: 0.7,
  /** Views of each video, all of them in its first month. */
  views: 100,
  /** Seconds of each view, at `watchedHeight`. */
  watched: 180,
  watchedHeight: 720,
  /** Share of requests that CloudFront hands on to S3. */
  missed: 0.1,
  /** How many months' videos there are: nothing is deleted. */
  kept: 12,
  /** Calls of the API by each view (list, media, playback) and by each video (upload in parts, progress). */
  callsPerView: 3,
  callsPerVideo: 20,
  /** Billed seconds of each call, whatever the function's memory. */
  call: 0.02,
  /** Messages of a video: sent, received, prolonged, deleted. */
  queueRequests: 10,
  /** Bytes of a video's row with its indexes. */
  row: 4_000,
  /** Bytes of a line of a log: Lambda's own of a call, one of ours, one of CloudFront's of a request. */
  logLine: 400,
} as const;

/** Everything that one video makes, with its views, in its first month. Bytes and numbers of requests. */
export interface VideoLoad {
  readonly sourceBytes: number;
  readonly streamBytes: number;
  /** Objects of source and stream. */
  readonly objects: number;
  /** Requests that write them. */
  readonly writes: number;
  readonly reads: number;
  readonly edgeBytes: number;
  readonly edgeRequests: number;
  readonly apiCalls: number;
  readonly cpuSeconds: number;
}

/** By the ladder, and as segments are cut, that the processor really makes. */
export function loadOfVideo(assumed: typeof ASSUMED = ASSUMED): VideoLoad {
  const { length, fill, watched, views } = assumed;
  const ladder = ladderOf(assumed);
  const bytes = (kilobits: number, seconds: number): number => ((kilobits * 1_000) / 8) * seconds * fill;
  const seen = ladder.find(({ height }) => height === assumed.watchedHeight)?.kilobits;
  if (seen === undefined) throw new Error(`the ladder must have the ${assumed.watchedHeight} lines watched`);
  // Each rung and the sound: segments, their beginning, a playlist. Beside them the master playlist and two pictures.
  const files = (ladder.length + 1) * (Math.ceil(length / SEGMENT_SECONDS) + 2) + 3;
  // Of one rung and the sound, and the poster.
  const viewed = 2 * (Math.ceil(watched / SEGMENT_SECONDS) + 2) + 2;
  const apiCalls = views * assumed.callsPerView + assumed.callsPerVideo;
  return {
    sourceBytes: assumed.source,
    streamBytes: bytes(
      ladder.reduce((sum, { kilobits }) => sum + kilobits, AUDIO_KILOBITS),
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
