import { useState } from "preact/hooks";
import type { Media } from "../../handlers/media/media";
import { useUploading, useWords } from "./console";
import { size } from "./format";
import { isSameFile, knownName } from "./known-files";

/** Continues an upload that this page did not start, or has forgotten: the creator chooses its file again. */
export function ContinueUpload({
  media: { id, title, sizeBytes },
}: {
  media: Pick<Media, "id" | "title" | "sizeBytes">;
}) {
  const { manager } = useUploading();
  const { words, locale } = useWords();
  const [isOther, setOther] = useState(false);
  const wanted = [...(knownName(id) === undefined ? [] : [knownName(id)]), size(sizeBytes, locale)].join(
    ", ",
  );
  const onFile = (file: File | undefined) => {
    if (file === undefined) return;
    const isSame = isSameFile(id, sizeBytes, file);
    setOther(!isSame);
    if (isSame) manager.add([{ id, title, file }]);
  };
  return (
    <label class="continue">
      <span>
        {words.continueUpload} ({wanted})
      </span>
      <input
        type="file"
        accept="video/*,.mkv"
        aria-label={`${words.continueUpload}: ${title}`}
        onChange={({ currentTarget }) => onFile(currentTarget.files?.[0])}
      />
      {isOther && (
        <span role="alert" class="error">
          {words.otherFile}
        </span>
      )}
    </label>
  );
}
