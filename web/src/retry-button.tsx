import { useState } from "preact/hooks";
import type { Failure } from "../../handlers/media/failure-reasons";
import type { Media } from "../../handlers/media/media";
import type { OwnMedia } from "../../handlers/media/playback";
import { useConsole, useWords } from "./console";
import type { Progress } from "./progress";

interface RetryButtonProps {
  readonly media: Pick<Media, "id" | "title">;
  /** Its progress now; why it failed may be known before the media is read again. */
  readonly progress: Progress;
  readonly onRetried: (media: OwnMedia) => void;
}

/** Failures that another try can mend; the others are in the file, or the upload was cancelled. */
const PASSING: readonly Failure["code"][] = [
  "interrupted",
  "notProcessed",
  "notStarted",
  "tooMuchMemory",
  "tooSlow",
  "unknown",
];

/** Processes a failed video again; nothing for one that is not failed, and for one that would fail again. */
export function RetryButton({ media: { id, title }, progress, onRetried }: RetryButtonProps) {
  const { api, say } = useConsole();
  const { words } = useWords();
  const [busy, setBusy] = useState(false);
  const { status, failure } = progress;
  if (status !== "failed" || !PASSING.includes(failure?.code ?? "unknown")) return null;
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
