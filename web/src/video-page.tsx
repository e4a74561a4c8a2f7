import { useEffect, useState } from "preact/hooks";
import type { MediaAnswer } from "../../handlers/media/playback";
import { Alert } from "./alert";
import { useConsole, useWords } from "./console";
import { Player } from "./player";
import { RemoveButton } from "./remove-button";
import { libraryAddress } from "./route";
import { StatusLine } from "./status-line";
import { UploadStatus } from "./upload-status";
import { useProgress } from "./use-progress";

/** A video: its player when ready, its progress before. */
export function VideoPage({ id }: { id: string }) {
  const { api } = useConsole();
  const { words } = useWords();
  const [media, setMedia] = useState<MediaAnswer>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    api.find(id).then(setMedia, setError);
  }, [api, id]);
  return (
    <main>
      <p>
        <a href={libraryAddress}>← {words.allVideos}</a>
      </p>
      <UploadStatus />
      <Alert error={error} />
      {media === undefined && error === undefined && <p role="status">{words.loading}</p>}
      {media !== undefined && <Video media={media} />}
    </main>
  );
}

function Video({ media }: { media: MediaAnswer }) {
  const progress = useProgress(media);
  return (
    <article>
      <h1>{media.title}</h1>
      {progress.status === "ready" ? (
        <>
          <Player id={media.id} title={media.title} />
          {media.failure && (
            <StatusLine
              progress={{ status: "ready", percent: 100, failure: media.failure }}
              title={media.title}
            />
          )}
        </>
      ) : (
        <StatusLine progress={progress} title={media.title} />
      )}
      <RemoveButton media={media} onRemoved={() => (location.hash = libraryAddress)} />
    </article>
  );
}
