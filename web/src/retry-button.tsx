import { useState } from "preact/hooks";
import type { Media, Status } from "../../handlers/media/media";
import type { OwnMedia } from "../../handlers/media/playback";
import { useConsole, useWords } from "./console";

interface RetryButtonProps {
  readonly media: Pick<Media, "id" | "title" | "failure">;
  /** Its status now. */
  readonly status: Status;
  readonly onRetried: (media: OwnMedia) => void;
}

/** Processes a failed video again; nothing for another, and for one whose upload was cancelled. */
export function RetryButton({ media: { id, title, failure }, status, onRetried }: RetryButtonProps) {
  const { api, say } = useConsole();
  const { words } = useWords();
  const [busy, setBusy] = useState(false);
  if (status !== "failed" || failure?.code === "aborted") return null;
  const retry = async () => {
    setBusy(true);
    await api.retry(id).then(onRetried, say);
    setBusy(false);
  };
  return (
    <button
      type="button"
      class="quiet"
      disabled={busy}
      aria-label={`${words.retry}: ${title}`}
      onClick={() => void retry()}
    >
      {words.retry}
    </button>
  );
}
