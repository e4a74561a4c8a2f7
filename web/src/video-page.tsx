import { useEffect, useState } from "preact/hooks";
import type { OwnMedia } from "../../handlers/media/playback";
import { Alert } from "./alert";
import { useConsole, useWords } from "./console";
import { EditForm } from "./edit-form";
import { Player } from "./player";
import { RemoveButton } from "./remove-button";
import { RetryButton } from "./retry-button";
import { goTo, LIBRARY_PATH, Link } from "./route";
import { readWhenOnline } from "./read-again";
import { StatusLine } from "./status-line";
import { Uploads } from "./uploads";
import { useProgress } from "./use-progress";
import { useTitle } from "./use-title";

/** A creator's video: its player when ready, its progress before, and what may be changed. */
export function VideoPage({ id }: { id: string }) {
  const { api } = useConsole();
  const { words } = useWords();
  const [media, setMedia] = useState<OwnMedia>();
  const [error, setError] = useState<unknown>();
  useEffect(() => readWhenOnline(() => api.find(id), { onValue: setMedia, onError: setError }), [api, id]);
  useTitle(media?.title);
  return (
    <main>
      <p>
        <Link to={LIBRARY_PATH}>← {words.allVideos}</Link>
      </p>
      <Uploads />
      {media === undefined && <h1 class="hidden">StreamFlow</h1>}
      <Alert error={error} />
      {media === undefined && error === undefined && <p role="status">{words.loading}</p>}
      {media !== undefined && <Video media={media} onChange={setMedia} />}
    </main>
  );
}

interface VideoProps {
  readonly media: OwnMedia;
  readonly onChange: (media: OwnMedia) => void;
}

function Video({ media, onChange }: VideoProps) {
  const progress = useProgress(media);
  const { id, title, failure } = media;
  return (
    <article>
      <h1>{title}</h1>
      {progress.status === "ready" ? (
        <>
          <Player id={id} title={title} />
          {failure && <StatusLine progress={{ status: "ready", percent: 100, failure }} title={title} />}
        </>
      ) : (
        <StatusLine progress={progress} title={title} />
      )}
      <EditForm media={media} onChange={onChange} />
      <div class="actions">
        <RetryButton media={media} progress={progress} onRetried={onChange} />
        <RemoveButton media={media} onRemoved={() => goTo(LIBRARY_PATH)} />
      </div>
    </article>
  );
}
