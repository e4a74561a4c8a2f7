import type { HlsVideoElement } from "hls-video-element";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Download, Ticket } from "../../handlers/media/playback";
import { Alert } from "./alert";
import type { Api } from "./api";
import { useConsole, useWords } from "./console";
import { size } from "./format";
import type * as PlayerParts from "./player-parts";
import type { Language } from "./words";

interface LoadedParts {
  readonly parts: typeof PlayerParts;
  /** Language in which the controls are made. */
  readonly language: Language;
}

interface PlayerProps {
  readonly id: string;
  readonly title: string;
  /** Token of an unlisted video's link. */
  readonly share?: string | undefined;
}

/** Plays a stream with the API's cookies, which are renewed while the player is shown. */
export function Player({ id, title, share }: PlayerProps) {
  const { api, language } = useConsole();
  const [playback, setPlayback] = useState<Ticket["playback"]>();
  const [loaded, setLoaded] = useState<LoadedParts>();
  const [error, setError] = useState<unknown>();
  const video = useRef<HlsVideoElement>(null);

  useEffect(
    () => keepCookies(() => api.play(id, share), { onFirst: setPlayback, onError: setError }),
    [api, id, share],
  );
  useEffect(() => {
    import("./player-parts").then((parts) => {
      parts.setLanguage(language);
      setLoaded({ parts, language });
    }, setError);
  }, [language]);
  const isReady = playback !== undefined && loaded !== undefined;
  useEffect(() => {
    if (loaded === undefined || video.current === null) return;
    return loaded.parts.recoverFromErrors(video.current, {
      renew: () => api.play(id, share),
      onError: setError,
    });
  }, [isReady, loaded, api, id, share]);

  return (
    <>
      {isReady ? (
        // The controls read the language when they are made.
        <media-controller key={loaded.language} class="player" aria-label={title}>
          <hls-video ref={video} slot="media" src={playback.url} poster={playback.poster} playsinline>
            <track label="thumbnails" kind="metadata" default src={playback.sprite} />
            <track kind="chapters" default src={playback.chapters} />
          </hls-video>
          <media-loading-indicator slot="centered-chrome" />
          <media-captions-menu hidden anchor="auto" />
          <media-audio-track-menu hidden anchor="auto" />
          <media-playback-rate-menu hidden anchor="auto" />
          <media-rendition-menu hidden anchor="auto" />
          <ControlBar />
        </media-controller>
      ) : (
        <div class="player" />
      )}
      {playback?.download && <DownloadLink download={playback.download} />}
      <Alert error={error} />
    </>
  );
}

/** Saves a video as a file; the stream's cookies, which the player has set, also allow this. */
function DownloadLink({ download }: { download: Download }) {
  const { words, locale } = useWords();
  return (
    <p class="actions">
      <a class="button quiet" href={download.url}>
        {words.download} ({size(download.sizeBytes, locale)})
      </a>
    </p>
  );
}

function ControlBar() {
  return (
    <media-control-bar>
      <media-play-button />
      <media-mute-button />
      <media-volume-range />
      <media-time-range />
      <media-time-display showduration />
      <media-captions-menu-button />
      <media-audio-track-menu-button />
      <media-playback-rate-menu-button />
      <media-rendition-menu-button />
      <media-pip-button />
      <media-fullscreen-button />
    </media-control-bar>
  );
}

/** Milliseconds before the expiry of the cookies at which new ones are asked for. */
const RENEW_BEFORE_MS = 15 * 60_000;
/** Milliseconds until a failed renewal is tried again. */
const RENEW_AGAIN_MS = 60_000;

interface CookieEvents {
  readonly onFirst: (playback: Ticket["playback"]) => void;
  readonly onError: (error: unknown) => void;
}

/** Sets cookies, and new ones before they expire; returns a function that ends it. */
function keepCookies(play: () => ReturnType<Api["play"]>, { onFirst, onError }: CookieEvents): () => void {
  let timer = 0;
  let ended = false;
  const set = async (isFirst: boolean): Promise<void> => {
    let wait = RENEW_AGAIN_MS;
    try {
      const playback = await play();
      if (isFirst && !ended) onFirst(playback);
      wait = Math.max(wait, Date.parse(playback.expiresAt) - Date.now() - RENEW_BEFORE_MS);
    } catch (error) {
      // A later failure only matters when the stream is refused.
      if (isFirst && !ended) onError(error);
      if (isFirst) return;
    }
    if (!ended) timer = window.setTimeout(() => void set(false), wait);
  };
  void set(true);
  return () => {
    ended = true;
    window.clearTimeout(timer);
  };
}
