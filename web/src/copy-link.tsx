import { type Note, useConsole, useWords } from "./console";
import { embedCode } from "./embed-code";
import { embedPath, linkPath } from "./route";
import type { MediaAnswer } from "../../handlers/media/playback";

interface CopyButtonProps {
  readonly label: string;
  readonly text: string;
  /** What is said when the text was copied. */
  readonly note: Note;
}

function CopyButton({ label, text, note }: CopyButtonProps) {
  const { say } = useConsole();
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(
      () => say(note),
      // Without permission to copy, the text is shown.
      () => window.prompt(label, text),
    );
  };
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {label}
    </button>
  );
}

interface CopyLinksProps {
  readonly media: Pick<MediaAnswer, "id" | "title" | "visibility" | "width" | "height">;
  /** Token of an unlisted video's link. */
  readonly share: string | undefined;
}

/** Copies the link of a video that others may see, and the code that shows a public one in another site. */
export function CopyLinks({ media, share }: CopyLinksProps) {
  const { words } = useWords();
  const { id, visibility } = media;
  const { href } = new URL(linkPath(id, share), location.href);
  const { href: player } = new URL(embedPath(id), location.href);
  return (
    <>
      {visibility !== "private" && <CopyButton label={words.copyLink} text={href} note="linkCopied" />}
      {visibility === "public" && (
        <CopyButton label={words.copyCode} text={embedCode(media, player)} note="codeCopied" />
      )}
    </>
  );
}
