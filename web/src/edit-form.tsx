import { useState } from "preact/hooks";
import { LIMITS } from "../../handlers/media/limits";
import type { Visibility } from "../../handlers/media/media";
import type { OwnMedia } from "../../handlers/media/playback";
import { Alert } from "./alert";
import { useConsole, useWords } from "./console";
import { CopyLinks } from "./copy-link";
import { Field, typed } from "./field";

interface EditFormProps {
  readonly media: OwnMedia;
  readonly onChange: (media: OwnMedia) => void;
}

/** Title, description and visibility of a creator's video, and the link to give away. */
export function EditForm({ media, onChange }: EditFormProps) {
  const { api } = useConsole();
  const { words } = useWords();
  const { busy, error, save } = useSaving(onChange);
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const changes = {
      title: typed(form, "title"),
      description: typed(form, "description"),
      visibility: typed(form, "visibility") as Visibility,
    };
    void save(() => api.change(media.id, changes));
  };
  const { title, description, visibility, shareToken } = media;
  return (
    <section class="card" aria-labelledby="details">
      <h2 id="details">{words.details}</h2>
      <form onSubmit={onSubmit}>
        <Field label={words.title} name="title" maxLength={LIMITS.title} defaultValue={title} />
        <label class="field">
          <span>{words.description}</span>
          <textarea name="description" rows={4} maxLength={LIMITS.description} defaultValue={description} />
        </label>
        <label class="field">
          <span>{words.visibility}</span>
          <select name="visibility">
            {(Object.keys(words.visibilities) as Visibility[]).map((one) => (
              <option key={one} value={one} selected={one === visibility}>
                {words.visibilities[one]}
              </option>
            ))}
          </select>
        </label>
        <Alert error={error} />
        <div class="actions">
          <button type="submit" disabled={busy}>
            {words.save}
          </button>
          <CopyLinks media={media} share={shareToken} />
          {visibility === "unlisted" && (
            <NewLinkButton busy={busy} onClick={() => void save(() => api.renewLink(media.id))} />
          )}
        </div>
      </form>
    </section>
  );
}

function NewLinkButton({ busy, onClick }: { busy: boolean; onClick: () => void }) {
  const { words } = useWords();
  return (
    <button type="button" class="quiet" disabled={busy} onClick={onClick}>
      {words.newLink}
    </button>
  );
}

/** Saves changes of a video, one at a time. */
function useSaving(onChange: (media: OwnMedia) => void) {
  const { say } = useConsole();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const save = async (work: () => Promise<OwnMedia>) => {
    setBusy(true);
    setError(undefined);
    try {
      onChange(await work());
      say("saved");
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, save };
}
