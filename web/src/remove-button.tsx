import { useRef, useState } from "preact/hooks";
import type { Media } from "../../handlers/media/media";
import { ConfirmDialog } from "./confirm-dialog";
import { useConsole, useWords } from "./console";

interface RemoveButtonProps {
  readonly media: Pick<Media, "id" | "title">;
  readonly onRemoved: () => void;
}

/** Deletes a creator's video after confirmation. */
export function RemoveButton({ media: { id, title }, onRemoved }: RemoveButtonProps) {
  const { api, say } = useConsole();
  const { words } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await api.remove(id);
      say("removed");
      onRemoved();
    } catch (error) {
      say(error as Error);
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
      <ConfirmDialog
        dialog={dialog}
        label={`${words.remove}: ${title}`}
        question={words.removeAsk}
        keep={words.keep}
        confirm={words.remove}
        busy={busy}
        onConfirm={() => void remove()}
      >
        <h3>{title}</h3>
      </ConfirmDialog>
    </>
  );
}
