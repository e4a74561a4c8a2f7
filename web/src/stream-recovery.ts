import { ErrorTypes, Events } from "hls.js";
import { PlaybackError } from "./errors";

export interface Recovery {
  /** Renews the access. */
  readonly renew: () => Promise<unknown>;
  /** Called with a lasting error, and with nothing when the stream goes on. */
  readonly onError: (error: PlaybackError | undefined) => void;
}

/** Milliseconds after which data that can't be decoded is skipped again. */
const RECOVER_AGAIN_MS = 60_000;

/** What it needs of hls.js. */
interface Stream {
  readonly levels: readonly unknown[];
  /** Of the master playlist. */
  readonly url: string | null;
  on(event: Events.FRAG_LOADED, listener: () => void): void;
  on(event: Events.ERROR, listener: (event: Events.ERROR, error: StreamError) => void): void;
  startLoad(): void;
  loadSource(url: string): void;
  recoverMediaError(): void;
}

interface StreamError {
  readonly fatal: boolean;
  readonly type: ErrorTypes;
  /** With the HTTP status. */
  readonly response?: { readonly code: number };
}

/** Loads what is missing: segments, or the master playlist if it was refused. */
export function loadAgain(hls: Pick<Stream, "levels" | "url" | "startLoad" | "loadSource">): void {
  if (hls.levels.length === 0 && hls.url !== null) hls.loadSource(hls.url);
  // Another source stops the load.
  hls.startLoad();
}

/** Recovers from errors of a stream that hls.js plays. */
export function recover(hls: Stream, { renew, onError }: Recovery): void {
  let recoveredAt = -Infinity;
  let isRenewed = false;
  hls.on(Events.FRAG_LOADED, () => (isRenewed = false));
  hls.on(Events.ERROR, (_event, { fatal, type, response }) => {
    if (!fatal) return;
    if (type === ErrorTypes.MEDIA_ERROR && performance.now() - recoveredAt > RECOVER_AGAIN_MS) {
      recoveredAt = performance.now();
      hls.recoverMediaError();
    } else if (response?.code === 403 && !isRenewed) {
      // CloudFront answers 403 when the access has expired.
      isRenewed = true;
      renew().then(
        () => loadAgain(hls),
        () => onError(new PlaybackError("expired")),
      );
    } else if (response?.code === 403) onError(new PlaybackError("expired"));
    else onError(new PlaybackError(type === ErrorTypes.NETWORK_ERROR ? "interrupted" : "unsupported"));
  });
}
