import type { HlsVideoElement } from "hls-video-element";
import { PlaybackError } from "./errors";
import { loadAgain, recover, type Recovery } from "./stream-recovery";

/**
 * Recovers from errors of a stream: expired access, a lost network, data that can't be decoded. Returns a function that
 * ends it.
 */
export function recoverFromErrors(element: HlsVideoElement, recovery: Recovery): () => void {
  const native = () => recovery.onError(new PlaybackError("unsupported"));
  const online = () => {
    recovery.onError(undefined);
    if (element.api !== null) loadAgain(element.api);
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
