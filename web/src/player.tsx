import { useEffect, useRef, useState } from "preact/hooks";
import { useConsole, useWords } from "./console";
import { moment } from "./format";

/** Plays a stream with the API's cookies. */
export function Player({ id, title }: { id: string; title: string }) {
  const { api } = useConsole();
  const { words, locale } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const [expires, setExpires] = useState("");
  const [error, setError] = useState("");
  useEffect(() => {
    let leave = (): void => undefined;
    let left = false;
    const play = async () => {
      const { url, poster, expiresAt } = await api.play(id);
      const element = video.current;
      if (left || element === null) return;
      element.poster = poster;
      setExpires(expiresAt);
      leave = await attach(element, url, (reason) => setError(reason));
      if (left) leave();
    };
    play().catch((failure: Error) => setError(failure.message));
    return () => {
      left = true;
      leave();
    };
  }, [api, id]);
  return (
    <>
      <video ref={video} controls playsInline aria-label={title} />
      {error !== "" && (
        <p role="alert" class="error">
          {words.cantPlay} {error}
        </p>
      )}
      {expires !== "" && (
        <p class="facts">
          {words.expires} {moment(expires, locale)}
        </p>
      )}
    </>
  );
}

/**
 * Attaches a stream to a video element with Media Source Extensions or native HLS; returns a function that detaches it.
 */
async function attach(
  element: HTMLVideoElement,
  url: string,
  onError: (reason: string) => void,
): Promise<() => void> {
  const { default: Hls, ErrorTypes, Events } = await import("hls.js");
  if (!Hls.isSupported()) {
    element.src = url;
    element.onerror = () => onError(element.error?.message ?? "");
    return () => element.removeAttribute("src");
  }
  // Segments are fragmented MP4, which browsers support directly: no worker is needed.
  const hls = new Hls({ capLevelToPlayerSize: true, enableWorker: false });
  let recovered = false;
  hls.on(Events.ERROR, (_event, { fatal, type, details, response }) => {
    if (!fatal) return;
    if (type === ErrorTypes.MEDIA_ERROR && !recovered) {
      recovered = true;
      hls.recoverMediaError();
    } else onError(response ? `${details} (${response.code})` : details);
  });
  hls.loadSource(url);
  hls.attachMedia(element);
  return () => hls.destroy();
}
