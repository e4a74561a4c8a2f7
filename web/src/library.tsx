import { useCallback, useEffect, useState } from "preact/hooks";
import type { OwnMediaItem } from "../../handlers/media/playback";
import { Alert } from "./alert";
import { useConsole, useWords } from "./console";
import { UploadForm } from "./upload-form";
import { VideoRow } from "./video-row";

/** All videos, newest first, below the upload form. */
export function Library() {
  const { api, upload } = useConsole();
  const { words } = useWords();
  const [items, setItems] = useState<readonly OwnMediaItem[]>();
  const [cursor, setCursor] = useState<string>();
  const [error, setError] = useState<unknown>();

  const load = useCallback(
    async (after?: string) => {
      try {
        const page = await api.list(after);
        setItems((known) => (after === undefined ? page.items : [...(known ?? []), ...page.items]));
        setCursor(page.nextCursor);
        setError(undefined);
      } catch (failure) {
        setError(failure);
      }
    },
    [api],
  );
  useEffect(() => void load(), [load]);

  const { finished } = upload;
  useEffect(() => {
    if (finished) setItems((known) => known && [finished, ...known.filter(({ id }) => id !== finished.id)]);
  }, [finished]);
  const forget = (gone: string) => setItems((known = []) => known.filter(({ id }) => id !== gone));

  return (
    <main>
      <h1 class="hidden">StreamFlow</h1>
      <UploadForm />
      <section aria-labelledby="videos">
        <div class="line">
          <h2 id="videos">{words.videos}</h2>
          <button type="button" class="quiet" onClick={() => void load()}>
            {words.refresh}
          </button>
        </div>
        <Alert error={error} />
        {items === undefined && error === undefined && <p role="status">{words.loading}</p>}
        {items?.length === 0 && <p>{words.none}</p>}
        <ul class="videos">
          {items?.map((media) => (
            <VideoRow key={media.id} media={media} onRemoved={() => forget(media.id)} />
          ))}
        </ul>
        {cursor !== undefined && (
          <button type="button" class="quiet" onClick={() => void load(cursor)}>
            {words.more}
          </button>
        )}
      </section>
    </main>
  );
}
