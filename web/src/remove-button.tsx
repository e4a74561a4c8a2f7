import { useRef, useState } from "preact/hooks";
import { useConsole, useWords } from "./console";

/** Deletes a video, after it was asked whether that is meant. */
export function RemoveButton(props: { id: string; title: string; onRemoved: () => void }) {
  const { id, title, onRemoved } = props;
  const { api, say } = useConsole();
  const { words } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await api.remove(id);
      say(words.removed);
      onRemoved();
    } catch (error) {
      say(`${words.failed} ${(error as Error).message}`);
    } finally {
      setBusy(false);
      dialog.current?.close();
    }
  };
  return (
    <>
      <button
        type="button"
        class="quiet"
        aria-label={`${words.remove}: ${title}`}
        onClick={() => dialog.current?.showModal()}
      >
        {words.remove}
      </button>
      <dialog ref={dialog} aria-label={`${words.remove}: ${title}`}>
        <h3>{title}</h3>
        <p>{words.removeAsk}</p>
        <div class="actions">
          <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
            {words.keep}
          </button>
          <button type="button" class="danger" disabled={busy} onClick={() => void remove()}>
            {words.remove}
          </button>
        </div>
      </dialog>
    </>
  );
}
