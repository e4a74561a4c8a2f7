import { useState } from "preact/hooks";
import { LIMITS } from "../../handlers/media/limits";
import { useUploading, useWords } from "./console";
import { Field } from "./field";
import { size } from "./format";
import { Uploads } from "./uploads";

/** A form for files and their titles, below the uploads under way. */
export function UploadForm() {
  const { manager } = useUploading();
  const { words, locale } = useWords();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [submitted, setSubmitted] = useState(0);

  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const titles = new FormData(event.currentTarget as HTMLFormElement).getAll("title").map(String);
    manager.add(files.map((file, index) => ({ file, title: titles[index]?.trim() || titleOf(file) })));
    setFiles([]);
    setSubmitted(submitted + 1);
  };
  return (
    <section class="card" aria-labelledby="upload">
      <h2 id="upload">{words.upload}</h2>
      <Uploads />
      <form onSubmit={onSubmit}>
        <FileChoice key={submitted} files={files} onFiles={setFiles} />
        {files.map((file, index) => (
          <Field
            key={`${file.name} ${file.lastModified} ${index}`}
            label={
              files.length === 1 ? words.title : `${words.title}: ${file.name}, ${size(file.size, locale)}`
            }
            name="title"
            maxLength={LIMITS.title}
            defaultValue={titleOf(file)}
          />
        ))}
        {files.length > 0 && <button type="submit">{words.start}</button>}
      </form>
    </section>
  );
}

/** A file's name as a title: without its extension and invisible characters. */
function titleOf({ name }: File): string {
  const visible = name.replace(/\.[^.]+$/, "").replace(/\p{Cf}/gu, "");
  return [...visible].slice(0, LIMITS.title).join("").trim();
}

interface FileChoiceProps {
  readonly files: readonly File[];
  readonly onFiles: (files: readonly File[]) => void;
}

function FileChoice({ files, onFiles }: FileChoiceProps) {
  const { words, locale } = useWords();
  const [only, ...others] = files;
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    onFiles([...(event.dataTransfer?.files ?? [])]);
  };
  const bytes = files.reduce((sum, { size: one }) => sum + one, 0);
  const named = others.length === 0 ? only?.name : words.files.replace("{count}", String(files.length));
  return (
    <label class="drop" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <span>{named === undefined ? words.choose : `${named} · ${size(bytes, locale)}`}</span>
      <input
        type="file"
        multiple
        accept="video/*,.mkv"
        aria-label={words.file}
        onChange={({ currentTarget }) => onFiles([...(currentTarget.files ?? [])])}
      />
    </label>
  );
}
