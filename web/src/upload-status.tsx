import { useConsole, useWords } from "./console";
import { size } from "./format";

/** Progress of this page's upload with a cancel button; empty without an upload. */
export function UploadStatus() {
  const { upload } = useConsole();
  const { words, locale } = useWords();
  if (upload.progress === undefined) return null;
  const { title, totalBytes, sentBytes } = upload.progress;
  return (
    <div class="sending">
      <p>
        <strong>{title}</strong> · {words.keepOpen}
      </p>
      <div class="status">
        <progress max={totalBytes} value={sentBytes} aria-label={`${words.uploading}: ${title}`} />
        <span class="percent">
          {Math.floor((100 * sentBytes) / totalBytes)} % · {size(sentBytes, locale)} /{" "}
          {size(totalBytes, locale)}
        </span>
        <button type="button" class="quiet" onClick={() => void upload.cancel()}>
          {words.cancel}
        </button>
      </div>
    </div>
  );
}
