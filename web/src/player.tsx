import { useEffect, useRef, useState } from "preact/hooks";
import { Alert } from "./alert";
import { useConsole } from "./console";
import { PlaybackError, type PlaybackFailure } from "./errors";

/** Plays a stream with the API's cookies. */
export function Player({ id, title }: { id: string; title: string }) {
  const { api } = useConsole();
  const video = useRef<HTMLVideoElement>(null);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    let leave = (): void => undefined;
    let left = false;
    const play = async () => {
      const { url, poster } = await api.play(id);
      const element = video.current;
      if (left || element === null) return;
      element.poster = poster;
      leave = await attach(element, url, (failure) => setError(new PlaybackError(failure)));
      if (left) leave();
    };
    play().catch(setError);
    return () => {
      left = true;
      leave();
    };
  }, [api, id]);
  return (
    <>
      <video ref={video} controls playsInline aria-label={title} />
      <Alert error={error} />
    </>
  );
}

/**
 * Attaches a stream to a video element with Media Source Extensions or native HLS; returns a function that detaches it.
 */
async function attach(
  element: HTMLVideoElement,
  url: string,
  onError: (failure: PlaybackFailure) => void,
): Promise<() => void> {
  const { default: Hls, ErrorTypes, Events } = await import("hls.js");
  if (!Hls.isSupported()) {
    element.src = url;
    element.onerror = () => onError("unsupported");
    return () => element.removeAttribute("src");
  }
  // Segments are fragmented MP4, which browsers support directly: no worker is needed.
  const hls = new Hls({ capLevelToPlayerSize: true, enableWorker: false });
  let recovered = false;
  hls.on(Events.ERROR, (_event, { fatal, type, response }) => {
    if (!fatal) return;
    if (type === ErrorTypes.MEDIA_ERROR && !recovered) {
      recovered = true;
      hls.recoverMediaError();
    } else onError(failureOf(type, response?.code));
  });
  hls.loadSource(url);
  hls.attachMedia(element);
  return () => hls.destroy();
}

/** The kind of a fatal error of hls.js; CloudFront answers 403 when the cookies have expired. */
function failureOf(type: string, status: number | undefined): PlaybackFailure {
  if (status === 403) return "expired";
  return type === "networkError" ? "interrupted" : "unsupported";
}
