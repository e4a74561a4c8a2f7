import type { HlsVideoElement } from "hls-video-element";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Download, Ticket } from "../../handlers/media/playback";
import { Alert } from "./alert";
import { useConsole, useWords } from "./console";
import { size } from "./format";
import { PlaybackError } from "./errors";
import { FramedPlayback } from "./framed-playback";
import { keepAccess } from "./keep-access";
import type * as PlayerParts from "./player-parts";
import { watchPath } from "./route";
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
  /** Whether the page is in a frame of another site, in which it gets no cookies. */
  readonly isFramed?: boolean;
}

/** Plays a stream with the access that the API gives, which is renewed while the player is shown. */
export function Player({ id, title, share, isFramed = false }: PlayerProps) {
  const { language } = useConsole();
  const { loaded, loadError } = useParts(language);
  const [streamError, setError] = useState<unknown>();
  const error = streamError ?? loadError;
  const video = useRef<HlsVideoElement>(null);
  const { playback, play, hls } = usePlayback({ id, share, isFramed, onError: setError });

  const isReady = playback !== undefined && loaded !== undefined;
  useEffect(() => {
    if (loaded === undefined || video.current === null) return;
    return loaded.parts.recoverFromErrors(video.current, {
      renew: play,
      onError: setError,
    });
  }, [isReady, loaded, play]);

  return (
    <>
      {isReady ? (
        // The controls read the language when they are made.
        <media-controller
          key={loaded.language}
          class="player"
          aria-label={title}
          // Browsers can forbid frames to store what was chosen.
          nosubtitleslangpref={isFramed}
        >
          <hls-video
            ref={video}
            slot="media"
            // Before the source, which is loaded at once.
            config={hls}
            src={playback.url}
            poster={playback.poster}
            playsinline
          >
            <track label="thumbnails" kind="metadata" default src={playback.sprite} />
            <track kind="chapters" default src={playback.chapters} />
          </hls-video>
          <Controls />
        </media-controller>
      ) : (
        <div class="player" />
      )}
      {!isFramed && playback?.download && <DownloadLink download={playback.download} />}
      <Alert error={error} />
      {isFramed && error !== undefined && <OpenPage path={watchPath(id, share)} />}
    </>
  );
}

/** The player's parts in a language. */
function useParts(language: Language) {
  const [loaded, setLoaded] = useState<LoadedParts>();
  const [loadError, setLoadError] = useState<unknown>();
  useEffect(() => {
    import("./player-parts").then(
      (parts) => {
        parts.setLanguage(language);
        setLoaded({ parts, language });
      },
      // Chromium does not load a module again that it could not load, until the page is reloaded.
      () => setLoadError(new PlaybackError("interrupted")),
    );
  }, [language]);
  return { loaded, loadError };
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

/** Leads from a frame that can't play to the watch page. */
function OpenPage({ path }: { path: string }) {
  const { words } = useWords();
  return (
    <a href={path} target="_blank">
      {words.openPage}
    </a>
  );
}

interface PlaybackOptions extends Required<Pick<PlayerProps, "isFramed">> {
  readonly id: string;
  readonly share: string | undefined;
  readonly onError: (error: unknown) => void;
}

/** The addresses of a stream once there is access to it, what renews the access, and settings of hls.js. */
function usePlayback({ id, share, isFramed, onError }: PlaybackOptions) {
  const { api } = useConsole();
  const [playback, setPlayback] = useState<Ticket["playback"]>();
  const framed = useMemo(() => (isFramed ? new FramedPlayback() : undefined), [isFramed]);
  const play = useCallback(async () => {
    const answer = await api.play(id, share);
    framed?.renew(answer);
    return answer;
  }, [api, id, share, framed]);
  useEffect(() => {
    const onFirst = (first: Ticket["playback"]) => {
      if (framed === undefined) setPlayback(first);
      else void framed.open(first).then(setPlayback);
    };
    return keepAccess(play, { onFirst, onError });
  }, [play, framed]);
  return { playback, play, hls: framed?.hls ?? {} };
}

function Controls() {
  return (
    <>
      <media-loading-indicator slot="centered-chrome" />
      <media-captions-menu hidden anchor="auto" />
      <media-audio-track-menu hidden anchor="auto" />
      <media-playback-rate-menu hidden anchor="auto" />
      <media-rendition-menu hidden anchor="auto" />
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
    </>
  );
}
