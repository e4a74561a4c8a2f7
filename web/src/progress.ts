import type { Failure } from "../../handlers/media/failure-reasons";
import type { Status } from "../../handlers/media/media";
import type { MediaAnswer } from "../../handlers/media/playback";

/** Progress of a media. */
export interface Progress {
  readonly status: Status;
  /** Percent, 0 to 100. */
  readonly percent: number;
  readonly failure?: Failure | null | undefined;
}

/** Milliseconds between polls without events. */
const POLL_INTERVAL_MS = 3_000;

export const isOver = (status: Status): boolean => status === "ready" || status === "failed";

interface Followed {
  /** Path of its events, if there are any. */
  readonly path: string | undefined;
  /** Reads the media. */
  readonly look: () => Promise<MediaAnswer>;
}

/** Follows a media's progress until it is ready or has failed; returns a function that stops it. */
export function follow({ path, look: read }: Followed, onProgress: (progress: Progress) => void): () => void {
  const events = path === undefined ? undefined : new EventSource(path);
  let timer = 0;
  let ended = false;
  const end = () => {
    ended = true;
    window.clearTimeout(timer);
    events?.close();
  };
  const tell = (progress: Progress) => {
    if (ended) return;
    onProgress(progress);
    if (isOver(progress.status)) end();
  };
  // The processor may be unavailable; then poll the API.
  const look = async () => {
    const media = await read().catch(() => undefined);
    if (media) {
      const { status, progress = 0, failure } = media;
      tell({ status, percent: progress, failure });
    }
    if (!ended) timer = window.setTimeout(() => void look(), POLL_INTERVAL_MS);
  };
  if (events === undefined) {
    void look();
    return end;
  }
  events.addEventListener("progress", ({ data }: MessageEvent<string>) => tell(JSON.parse(data) as Progress));
  events.onerror = () => {
    // Browsers reconnect automatically, unless the connection was rejected.
    if (events.readyState === EventSource.CLOSED && !ended && timer === 0) void look();
  };
  return end;
}
