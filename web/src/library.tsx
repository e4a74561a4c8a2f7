import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Status } from "../../handlers/media/media";
import type { OwnMediaItem } from "../../handlers/media/playback";
import { Alert } from "./alert";
import { useConsole, useUploading, useWords } from "./console";
import { UploadForm } from "./upload-form";
import { VideoRow } from "./video-row";

/** The creator's videos, newest first, below the upload form. */
export function Library() {
  const { words } = useWords();
  const [status, setStatus] = useState<Status>();
  const { items, error, hasMore, again, more, put, forget } = useVideos(status);
  return (
    <main>
      <h1 class="hidden">StreamFlow</h1>
      <UploadForm />
      <section aria-labelledby="videos">
        <div class="line">
          <h2 id="videos">{words.videos}</h2>
          <div class="actions">
            <StatusFilter status={status} onStatus={setStatus} />
            <button type="button" class="quiet" onClick={again}>
              {words.refresh}
            </button>
          </div>
        </div>
        <Alert error={error} />
        {items === undefined && error === undefined && <p role="status">{words.loading}</p>}
        {items?.length === 0 && <p>{words.none}</p>}
        <ul class="videos">
          {items?.map((media) => (
            <VideoRow key={media.id} media={media} onChange={put} onRemoved={() => forget(media.id)} />
          ))}
        </ul>
        {hasMore && (
          <button type="button" class="quiet" onClick={more}>
            {words.more}
          </button>
        )}
      </section>
    </main>
  );
}

interface StatusFilterProps {
  readonly status: Status | undefined;
  readonly onStatus: (status: Status | undefined) => void;
}

function StatusFilter({ status, onStatus }: StatusFilterProps) {
  const { words } = useWords();
  const statuses = Object.keys(words.status) as Status[];
  return (
    <label>
      <span class="hidden">{words.filter}</span>
      <select
        value={status ?? ""}
        onChange={({ currentTarget: { value } }) => onStatus(statuses.find((one) => one === value))}
      >
        <option value="">{words.everyStatus}</option>
        {statuses.map((one) => (
          <option key={one} value={one}>
            {words.status[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The creator's videos in a status, page by page. What is shown of them is read again when the network is back. */
function useVideos(status: Status | undefined) {
  const { api } = useConsole();
  const { finished, removed, uploads } = useUploading();
  const latest = useRef(0);
  const [items, setItems] = useState<readonly OwnMediaItem[]>();
  const [cursor, setCursor] = useState<string>();
  const [error, setError] = useState<unknown>();

  /** Reads the pages after a cursor until they have as many videos as wanted, at least one page. */
  const read = useCallback(
    async (after: string | undefined, wanted: number) => {
      const turn = ++latest.current;
      const found: OwnMediaItem[] = [];
      let next = after;
      try {
        do {
          const page = await api.list({ status, cursor: next });
          // A later answer may have come first.
          if (turn !== latest.current) return;
          found.push(...page.items);
          next = page.nextCursor;
        } while (next !== undefined && found.length < wanted);
        setItems((known = []) => (after === undefined ? found : [...known, ...found]));
        setCursor(next);
        setError(undefined);
      } catch (failure) {
        if (turn === latest.current) setError(failure);
      }
    },
    [api, status],
  );
  useEffect(() => void read(undefined, 1), [read]);
  const again = () => void read(undefined, items?.length ?? 1);
  useEffect(() => {
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  });

  const put = (media: OwnMediaItem) =>
    setItems((known = []) => known.map((one) => (one.id === media.id ? { ...one, ...media } : one)));
  useEffect(() => {
    if (finished) setItems((known) => known && [finished, ...known.filter(({ id }) => id !== finished.id)]);
  }, [finished]);
  useEffect(() => {
    if (removed !== undefined) forget(removed);
  }, [removed]);
  const forget = (gone: string) => setItems((known = []) => known.filter(({ id }) => id !== gone));
  // An upload of this page is shown above the list.
  const shown = items?.filter(({ id }) => !uploads.some((upload) => upload.id === id));
  return {
    items: shown,
    error,
    hasMore: cursor !== undefined,
    again,
    more: () => void read(cursor, 1),
    put,
    forget,
  };
}
