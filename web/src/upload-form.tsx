import { useEffect, useState } from "preact/hooks";
import { LIMITS } from "../../handlers/media/limits";
import { useConsole, useWords } from "./console";
import { explain } from "./explain";
import { Field, typed } from "./field";
import { size } from "./format";
import { UploadStatus } from "./upload-status";

/** A form for a file and its title, with the upload's progress. */
export function UploadForm() {
  const { api, upload } = useConsole();
  const { words } = useWords();
  const [file, setFile] = useState<File>();

  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    if (file) upload.start(api, typed(event.currentTarget as HTMLFormElement, "title"), file);
  };
  useEffect(() => setFile(undefined), [upload.finished]);
  return (
    <section class="card" aria-labelledby="upload">
      <h2 id="upload">{words.upload}</h2>
      <UploadStatus />
      {upload.progress === undefined && (
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
      {upload.error !== undefined && (
        <p role="alert" class="error">
          {words.uploadFailed} {explain(upload.error, words)}
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
