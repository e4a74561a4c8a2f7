import { useEffect } from "preact/hooks";
import { type Note, useWords } from "./console";
import { explain } from "./explain";

/** Duration of a notice in milliseconds. */
const NOTICE_MS = 12_000;

/** A notice. The element always exists, so that screen readers announce its content. */
export function Notice({ note, onRead }: { note: Note | undefined; onRead: () => void }) {
  const { words } = useWords();
  useEffect(() => {
    if (note === undefined) return;
    const timer = setTimeout(onRead, NOTICE_MS);
    return () => clearTimeout(timer);
  }, [note]);
  return (
    <div role="status" class={note === undefined ? "hidden" : "notice"}>
      {note instanceof Error ? explain(note, words) : note && words[note]}
    </div>
  );
}
