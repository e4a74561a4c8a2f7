import { useEffect, useState } from "preact/hooks";
import type { MediaAnswer, OwnMedia } from "../../handlers/media/playback";
import { Alert } from "./alert";
import { useConsole, useWords } from "./console";
import { moment } from "./format";
import { Player } from "./player";
import { Link, videoPath } from "./route";
import { CopyLinks } from "./copy-link";
import { readWhenOnline } from "./read-again";
import { StatusLine } from "./status-line";
import { useProgress } from "./use-progress";
import { useTitle } from "./use-title";

interface WatchPageProps {
  readonly id: string;
  /** Token of an unlisted video's link. */
  readonly share: string | undefined;
}

/** A video for everybody who may see it, without an account. */
export function WatchPage({ id, share }: WatchPageProps) {
  const { api } = useConsole();
  const { words } = useWords();
  const [media, setMedia] = useState<MediaAnswer>();
  const [error, setError] = useState<unknown>();
  useEffect(
    () => readWhenOnline(() => api.watch(id, share), { onValue: setMedia, onError: setError }),
    [api, id, share],
  );
  useTitle(media?.title);
  return (
    <main>
      {media === undefined && <h1 class="hidden">StreamFlow</h1>}
      <Alert error={error} />
      {media === undefined && error === undefined && <p role="status">{words.loading}</p>}
      {media !== undefined && <Watched media={media} share={share} />}
    </main>
  );
}

function Watched({ media, share }: { media: MediaAnswer; share: string | undefined }) {
  const { api, userId } = useConsole();
  const { words, locale } = useWords();
  const { id, title, owner, description, createdAt } = media;
  const progress = useProgress(media, () => api.watch(id, share));
  return (
    <article>
      {progress.status === "ready" ? (
        <Player id={id} title={title} share={share} />
      ) : (
        <StatusLine progress={progress} title={title} />
      )}
      <h1>{title}</h1>
      <p class="facts">{moment(createdAt, locale)}</p>
      <div class="actions">
        <CopyLinks media={media} share={"shareToken" in media ? (media as OwnMedia).shareToken : share} />
        {owner !== null && owner === userId && (
          <Link class="button quiet" to={videoPath(id)}>
            {words.edit}
          </Link>
        )}
      </div>
      {description !== "" && <p class="description">{description}</p>}
    </article>
  );
}
