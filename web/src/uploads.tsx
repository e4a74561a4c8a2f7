import { useConsole, useUploading, useWords } from "./console";
import { explain } from "./explain";
import { size } from "./format";
import type { Upload } from "./upload-manager";

/** The uploads of this page, each with its progress; empty without one. */
export function Uploads() {
  const { uploads } = useUploading();
  const { words } = useWords();
  if (uploads.length === 0) return null;
  return (
    <ul class="videos" aria-label={words.uploads}>
      {uploads.map((upload) => (
        <UploadRow key={upload.key} upload={upload} />
      ))}
    </ul>
  );
}

function UploadRow({ upload }: { upload: Upload }) {
  const { say } = useConsole();
  const { manager } = useUploading();
  const { words, locale } = useWords();
  const { key, title, totalBytes, sentBytes, phase, error } = upload;
  const isStopped = phase === "paused" || phase === "failed";
  const cancel = async () => {
    await manager.cancel(key);
    say("uploadGivenUp");
  };
  return (
    <li class="sending" data-phase={phase}>
      <p>
        <strong>{title}</strong> · {words.phases[phase]}
      </p>
      <div class="status">
        <progress max={totalBytes} value={sentBytes} aria-label={`${words.uploading}: ${title}`} />
        <span class="percent">
          {Math.floor((100 * sentBytes) / totalBytes)} % · {size(sentBytes, locale)} /{" "}
          {size(totalBytes, locale)}
        </span>
        <button
          type="button"
          class="quiet"
          aria-label={`${isStopped ? words.resume : words.pause}: ${title}`}
          onClick={() => (isStopped ? manager.resume(key) : manager.pause(key))}
        >
          {isStopped ? words.resume : words.pause}
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={`${words.cancel}: ${title}`}
          onClick={() => void cancel()}
        >
          {words.cancel}
        </button>
      </div>
      {error !== undefined && (
        <p role="alert" class="error">
          {words.uploadFailed} {explain(error, words)}
        </p>
      )}
    </li>
  );
}
