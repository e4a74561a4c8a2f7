import type { ComponentChildren, RefObject } from "preact";

interface ConfirmDialogProps {
  /** Reference for opening it with `showModal()` and closing it. */
  readonly dialog: RefObject<HTMLDialogElement>;
  readonly label: string;
  readonly question: string;
  /** Button texts. */
  readonly keep: string;
  readonly confirm: string;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly children?: ComponentChildren;
}

/** A confirmation dialog for irreversible actions. */
export function ConfirmDialog({
  dialog,
  label,
  question,
  keep,
  confirm,
  busy,
  onConfirm,
  children,
}: ConfirmDialogProps) {
  return (
    <dialog ref={dialog} aria-label={label}>
      {children}
      <p>{question}</p>
      <div class="actions">
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          {keep}
        </button>
        <button type="button" class="danger" disabled={busy ?? false} onClick={onConfirm}>
          {confirm}
        </button>
      </div>
    </dialog>
  );
}
