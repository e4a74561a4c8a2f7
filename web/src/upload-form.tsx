import { useEffect, useRef, useState } from "preact/hooks";
import { LIMITS } from "../../handlers/media/limits";
import type { Media } from "../../handlers/media/media";
import { useConsole, useWords } from "./console";
import { Field, typed } from "./field";
import { size } from "./format";
import { upload } from "./upload";

/** An upload that is under way. */
interface Running {
  readonly title: string;
  readonly total: number;
  readonly sent: number;
}

/** Takes a file and its title, and tells how far the upload has come. */
export function UploadForm({ onUploaded }: { onUploaded: (media: Media) => void }) {
  const { api, say } = useConsole();
  const { words } = useWords();
  const [file, setFile] = useState<File>();
  const [running, setRunning] = useState<Running>();
  const [error, setError] = useState("");
  const stop = useRef<AbortController>();

  useEffect(() => {
    if (running === undefined) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [running === undefined]);
  // Who leaves the list leaves its upload.
  useEffect(() => () => stop.current?.abort(), []);

  const start = async (title: string, chosen: File) => {
    stop.current = new AbortController();
    const { signal } = stop.current;
    const tell = (sent: number) => setRunning({ title, total: chosen.size, sent });
    setError("");
    tell(0);
    try {
      const id = await upload(api, chosen, { title, onProgress: tell, signal });
      onUploaded(await api.find(id));
      setFile(undefined);
    } catch (failure) {
      if (signal.aborted) say(words.uploadGivenUp);
      else setError(`${words.uploadFailed}: ${(failure as Error).message}`);
    } finally {
      setRunning(undefined);
    }
  };

  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    if (file) void start(typed(event.currentTarget as HTMLFormElement, "title"), file);
  };
  return (
    <section class="card" aria-labelledby="upload">
      <h2 id="upload">{words.upload}</h2>
      {running ? (
        <Sending running={running} onCancel={() => stop.current?.abort()} />
      ) : (
        <form onSubmit={onSubmit}>
          <FileChoice file={file} onFile={setFile} />
          {file !== undefined && (
            <>
              <Field
                key={file.name}
                label={words.title}
                name="title"
                maxLength={LIMITS.title}
                defaultValue={file.name.replace(/\.[^.]+$/, "").slice(0, LIMITS.title)}
              />
              <button type="submit">{words.start}</button>
            </>
          )}
        </form>
      )}
      {error !== "" && (
        <p role="alert" class="error">
          {error}
        </p>
      )}
    </section>
  );
}

function FileChoice({ file, onFile }: { file: File | undefined; onFile: (file: File | undefined) => void }) {
  const { words, locale } = useWords();
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    onFile(event.dataTransfer?.files[0]);
  };
  return (
    <label class="drop" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <span>{file === undefined ? words.choose : `${file.name} · ${size(file.size, locale)}`}</span>
      <input
        type="file"
        accept="video/*,.mkv"
        aria-label={words.file}
        onChange={({ currentTarget }) => onFile(currentTarget.files?.[0])}
      />
    </label>
  );
}

function Sending({ running, onCancel }: { running: Running; onCancel: () => void }) {
  const { words, locale } = useWords();
  const { title, total, sent } = running;
  return (
    <div class="sending">
      <p>
        <strong>{title}</strong> · {words.keepOpen}
      </p>
      <div class="status">
        <progress max={total} value={sent} aria-label={`${words.uploading}: ${title}`} />
        <span class="percent">
          {Math.floor((100 * sent) / total)} % · {size(sent, locale)} / {size(total, locale)}
        </span>
        <button type="button" class="quiet" onClick={onCancel}>
          {words.cancel}
        </button>
      </div>
    </div>
  );
}
