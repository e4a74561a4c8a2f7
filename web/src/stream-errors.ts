import type { HlsVideoElement } from "hls-video-element";
import { ErrorTypes, Events } from "hls.js";
import { PlaybackError } from "./errors";

interface Recovery {
  /** Renews the access. */
  readonly renew: () => Promise<unknown>;
  /** Called with a lasting error, and with nothing when the stream goes on. */
  readonly onError: (error: PlaybackError | undefined) => void;
}

/**
 * Recovers from errors of a stream: expired access, a lost network, data that can't be decoded. Returns a function that
 * ends it.
 */
export function recoverFromErrors(element: HlsVideoElement, recovery: Recovery): () => void {
  const native = () => recovery.onError(new PlaybackError("unsupported"));
  const online = () => {
    recovery.onError(undefined);
    element.api?.startLoad();
  };
  // hls-video makes its hls.js after this task. Where the browser plays HLS itself, as Safari on iOS does, it has none.
  const timer = setTimeout(() => {
    if (element.api === null) element.addEventListener("error", native);
    else recover(element.api, recovery);
  });
  addEventListener("online", online);
  return () => {
    clearTimeout(timer);
    removeEventListener("online", online);
    element.removeEventListener("error", native);
  };
}

/** Milliseconds after which data that can't be decoded is skipped again. */
const RECOVER_AGAIN_MS = 60_000;

function recover(hls: NonNullable<HlsVideoElement["api"]>, { renew, onError }: Recovery): void {
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
        () => hls.startLoad(),
        () => onError(new PlaybackError("expired")),
      );
    } else if (response?.code === 403) onError(new PlaybackError("expired"));
    else onError(new PlaybackError(type === ErrorTypes.NETWORK_ERROR ? "interrupted" : "unsupported"));
  });
}
